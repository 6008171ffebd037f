import { type Mutant, mutantsOf } from './mutant.ts'

/** Bugs in scope, correlation, wishes, differences, order and guard. */
export const planMutants: readonly Mutant[] = [
  ...mutantsOf('core/source/scope.ts', [
    [
      'shared mailboxes count as disabled',
      "if (kind === 'user' && mailbox.accountDisabled)",
      'if (mailbox.accountDisabled)',
    ],
    [
      'the source filter is ignored',
      'if (scope.filterMembers !== null && !scope.filterMembers.has(mailbox.identifier))',
      'if (scope.filterMembers !== null && scope.filterMembers.size === 0)',
    ],
  ]),
  ...mutantsOf('core/source/full-access.ts', [
    [
      'a deny is ignored',
      '(entry) => !entry.deny && !denied.some((deny) => isSameTrustee(deny, entry))',
      '(entry) => !entry.deny',
    ],
    [
      'inherited rights count',
      '(entry) => !entry.isInherited && !isSelf(entry)',
      '(entry) => !isSelf(entry)',
    ],
  ]),
  ...mutantsOf('core/source/trustees.ts', [
    [
      'of two trustees with one name the first is taken',
      "return isSameObject(before, hit) ? before : { kind: 'ambiguous' }",
      'return before',
    ],
  ]),
  ...mutantsOf('core/source/delegation.ts', [
    [
      'a mailbox that is not in scope is a delegate',
      'if (identifier === null || !inScopeUsers.has(identifier))',
      'if (identifier === null || inScopeUsers.size === 0)',
    ],
  ]),
  ...mutantsOf('core/snapshot/absence.ts', [
    [
      'a mailbox that Exchange finds by identifier counts as absent',
      "if (findings.get(identifier) !== 'absent') throw incompleteSource(identifier)",
      "if (findings.get(identifier) === 'unheard of') throw incompleteSource(identifier)",
    ],
    [
      'any Zivver is taken for ours',
      'if (2 * found >= mapped) return\n',
      'if (found >= 0) return\n',
    ],
  ]),
  ...mutantsOf('core/plan/correlate.ts', [
    [
      'address goes before identifier',
      '  matcher.matchByIdentifier()\n  matcher.matchByAddress()\n',
      '  matcher.matchByAddress()\n  matcher.matchByIdentifier()\n',
    ],
    [
      'absence is taken from the listing, without confirmation',
      'return this.#snapshot.absentIdentifiers.has(identifier)\n',
      'return this.#snapshot.mailboxes.length > 0\n',
    ],
    [
      'made again, whatever the name',
      'sameText(row.displayName, displayNameOf(mailbox))',
      "row.displayName !== ''",
    ],
    ['made again, though we had suspended the leaver', '    row.active &&\n', ''],
    [
      'whoever has the address takes over the account',
      'else if (this.#policy.relink.has(address)) this.#pair',
      'else if (this.#policy.relink !== undefined) this.#pair',
    ],
    [
      'the other kind is taken at the same address',
      'if (account.kind !== kindOfScoped(mailbox)) {',
      "if (account.kind !== kindOfScoped(mailbox) && account.address === '') {",
    ],
    [
      'an account of another installation is suspended',
      "if (link.to === 'elsewhere' || this.#isElsewhere(known)) return { type: 'elsewhere' }",
      "if (link.to === 'elsewhere') return { type: 'no_mailbox' }",
    ],
    [
      'a mailbox in a conflict of others gets a second account',
      '        this.#freezer.mailboxes.add(mailbox)\n        continue\n',
      '        continue\n',
    ],
    [
      'a frozen mailbox gets an account all the same',
      '.filter((scoped) => !this.#isSettled(scoped))',
      '.filter(({ place }) => this.#pairs[place] === null)',
    ],
    [
      'a former address of two mailboxes is taken by the first',
      "!this.#freezer.accounts.has(known.account) &&\n          this.#linkOf(known).to === 'nobody',",
      '!this.#freezer.accounts.has(known.account),',
    ],
    [
      'a leaver is suspended though somebody else has the address now',
      "if (link.to === 'gone') this.#freezeReused(scoped, account, link.row)\n",
      '',
    ],
  ]),
  ...mutantsOf('core/plan/conflicts.ts', [
    [
      'two accounts of one identifier are no conflict',
      '} else if (named.size > 1) {',
      '} else if (named.size > 2) {',
    ],
    [
      'two mailboxes for one account are no conflict',
      'if (mailboxes.size < 2) continue',
      'if (mailboxes.size < 3) continue',
    ],
    [
      'two rows that differ are no conflict',
      'new Set(rows.map((row) => row.scimId)).size > 1',
      'new Set(rows.map((row) => row.scimId)).size > 2',
    ],
  ]),
  ...mutantsOf('core/plan/directory-index.ts', [
    [
      'identifiers are compared with their case',
      'externalAccountId === null ? null : externalAccountId.toLowerCase()',
      'externalAccountId',
    ],
  ]),
  ...mutantsOf('core/plan/desired.ts', [
    [
      'an alias outside the included domains is added',
      'isInDomain(alias, includedDomains)',
      "(includedDomains.size > 0 && alias !== '')",
    ],
  ]),
  ...mutantsOf('core/plan/ownership.ts', [
    [
      'an alias outside the included domains is not kept',
      'return !policy.includedDomains.has(domainOf(alias))',
      'return !policy.includedDomains.has(domainOf(alias)) && policy.includedDomains.size === 0',
    ],
    [
      'a primary address that another account keeps is sent',
      '|| !keeps(owner, address, claims)) continue',
      "|| !keeps(owner, address, claims) || address !== '') continue",
    ],
    [
      'an alias that another account keeps is sent',
      'if (isFree(alias, wish, claims)) return true',
      "if (isFree(alias, wish, claims) || alias !== '') return true",
    ],
    [
      'a mailbox that is left alone is counted on to free its address',
      'claims.movers().delete(wish.account)) settled = false',
      'claims.movers().has(wish.account)) settled = true',
    ],
    ['a refused alias is tried in every run', 'if (isBlocked(alias)) return false\n', ''],
  ]),
  ...mutantsOf('core/plan/delegates.ts', [
    [
      'unknown delegates are removed',
      'let isUncertain = delegation.unknown.length > 0',
      'let isUncertain = delegation.unknown.length < 0',
    ],
    [
      'delegates are removed while one of them is frozen',
      "return isFrozen ? { type: 'uncertain' } : { type: 'kept', scimId: null }",
      "return isFrozen ? { type: 'kept', scimId: null } : { type: 'kept', scimId: null }",
    ],
    [
      'a delegate that cannot be created is wished for',
      'if (open !== undefined) return ofWish(open, isPossible(open))',
      'if (open !== undefined) return ofWish(open, open.allowed)',
    ],
    [
      'a suspended delegate is named in a write that Zivver refuses for it',
      "if (account?.kind !== 'user') return refs",
      "if (account?.kind !== 'user' || refs.size > 0) return refs",
    ],
  ]),
  ...mutantsOf('core/plan/wishes.ts', [
    [
      'whom somebody suspended by hand is reactivated',
      "return policy.reactivate === 'all' || isOurs(wish.rows)",
      "return policy.reactivate === 'all' || wish.rows !== null",
    ],
    [
      'the target filter looks at the current address alone',
      'if (isProtected(policy, account.address, wish.desired.address)) protectedPairs',
      'if (isProtected(policy, account.address)) protectedPairs',
    ],
    [
      'a mailbox in the target filter is created',
      'if (!isProtected(policy, wish.desired.address)) wishes.push(wish)',
      'wishes.push(wish)',
    ],
    [
      'what the row says of a functional account is ignored',
      ': isOurs(rows) && account.delegates.length === 0',
      ': rows === null',
    ],
  ]),
  ...mutantsOf('core/plan/leftovers.ts', [
    [
      'an unlinked account outside the included domains is suspended',
      "case 'no_mailbox':\n      if (!included) return { count: 'unmanaged' }\n",
      "case 'no_mailbox':\n",
    ],
    [
      'the target filter does not protect from suspension',
      "if (isProtected(policy, account.address)) return { count: 'unmanaged' }\n",
      '',
    ],
  ]),
  ...mutantsOf('core/plan/drafts.ts', [
    [
      'the scim- row stays when the account finds a mailbox',
      'const removeRows = otherKeys(granted.wish.rows, granted.wish.desired.identifier)',
      'const removeRows: readonly string[] = []',
    ],
    [
      'the mapping row is not written where nothing else is',
      "if (!differs && granted.wish.action === 'update' && isLinked && !policy.resetAccountMapping)",
      "if (!differs && granted.wish.action === 'update')",
    ],
    [
      'a suspension forgets that it was ours',
      '      active: false,\n      linkedAt',
      '      active: true,\n      linkedAt',
    ],
    [
      'functional accounts are emptied while delegates are off',
      'policy.actions.has(action) && (isUser || !hasMembers || policy.delegates)',
      'policy.actions.has(action)',
    ],
  ]),
  ...mutantsOf('core/plan/diff.ts', [
    [
      'case alone is written',
      '!sameText(account.displayName, granted.wish.desired.displayName)',
      'account.displayName !== granted.wish.desired.displayName',
    ],
    [
      'the SSO key is left out',
      "ssoAccountKey: isUser && policy.ssoAccountKey === 'object_id' ? desired.identifier : null,",
      'ssoAccountKey: null,',
    ],
    [
      'attributes of others in the extension are lost',
      'other: account?.otherExtension ?? {},',
      'other: {},',
    ],
    [
      'a group is not emptied',
      '    delegates.differs &&\n    delegates.wanted.length === 0\n',
      '    delegates.differs &&\n    delegates.wanted.length < 0\n',
    ],
  ]),
  ...mutantsOf('core/plan/order.ts', [
    ['nobody is parked', '  graph.parkCycles()\n', ''],
    ['addresses do not order the writes', '  graph.linkAddresses()\n', ''],
    ['delegates do not order the writes', '  graph.linkDelegates()\n', ''],
    [
      'suspensions come first',
      "if (draft.action === 'suspend') return 6",
      "if (draft.action === 'suspend') return -1",
    ],
  ]),
  ...mutantsOf('core/plan/upkeep.ts', [
    [
      'a reset deletes the rows of failed changes',
      "changes.filter((change) => change.status !== 'applied').map",
      "changes.filter((change) => change.status === 'applied' && false).map",
    ],
    [
      'a reset deletes a row that it has just written',
      'draft.removeRows.some((key) => written.has(key))\n',
      'draft.removeRows.some((key) => written.size < 0 && key)\n',
    ],
  ]),
  ...mutantsOf('core/guard/limit.ts', [
    [
      'the guard blocks at the limit',
      '100 * changed > limitPercent * total',
      '100 * changed >= limitPercent * total',
    ],
    ['the guard blocks a single change', 'changed > 1 && 100', '100'],
    [
      'a limit of 0 lets changes pass',
      'if (limitPercent === 0 || total === 0) return true',
      'if (total === 0) return true',
    ],
  ]),
  ...mutantsOf('core/guard/guard.ts', [
    [
      'links count for the guard',
      "new Set(['create', 'update', 'suspend', 'reactivate'])",
      "new Set(['create', 'update', 'suspend', 'reactivate', 'link'])",
    ],
    [
      'deferred changes count for the guard',
      "change.status !== 'deferred' && countedActions.has(change.action)",
      'countedActions.has(change.action)',
    ],
    [
      'a kind that changes as a whole hides in the total',
      'changed >= fewChanges || changed === total',
      'changed >= fewChanges',
    ],
    [
      'an update counts as one that only writes the identifier',
      "field.path === 'ExternalAccountId' || field.path === 'SsoAccountKey'",
      "field.path === 'ExternalAccountId' || field.path !== 'active'",
    ],
  ]),
  ...mutantsOf('core/guard/approval.ts', [
    [
      'an approval ignores what the values are',
      'JSON.stringify([field.path, field.after])',
      'JSON.stringify([field.path])',
    ],
    [
      'what depends on an unapproved change is applied',
      'if (deferred.has(change) || !dependsOnDeferred(change)) continue',
      'if (deferred.has(change) || dependsOnDeferred(change) || true) continue',
    ],
  ]),
]
