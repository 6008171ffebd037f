import { fold } from '../model/address.ts'
import type {
  DirectoryGroup,
  DroppedTrustee,
  FullAccessReading,
  Mailbox,
  Trustee,
} from '../model/mailbox.ts'

/**
 * Who a trustee of a permission row is (reference/exchange-and-graph.md 4.4). `unresolved` asks for a look-up;
 * `ambiguous` and `unknown` are never guessed and never "nobody".
 */
export type Resolution =
  | { readonly kind: 'mailbox'; readonly mailbox: Mailbox }
  | { readonly kind: 'group'; readonly id: string }
  | { readonly kind: 'dropped'; readonly reason: DroppedTrustee['reason'] }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'unresolved' }

/** The key by which a trustee's text is looked up, and where. */
interface TrusteeKey {
  readonly space: 'address' | 'id' | 'sid' | 'name'
  readonly key: string
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const anySid = /^s-1-\d+(-\d+)+$/
/** SIDs of single users and groups: of a Windows domain (also Exchange's own), or of Entra. */
const principalSid = /^s-1-(5-21|12-1)-/

/**
 * Resolves the trustees of one run's readings against the tenant's mailboxes and mail-enabled groups.
 * It keeps only keys that some reading asks for, so that it stays small beside the mailboxes.
 */
export class TrusteeIndex {
  readonly #hits = {
    address: new Map<string, Resolution>(),
    id: new Map<string, Resolution>(),
    name: new Map<string, Resolution>(),
  }
  readonly #learnedSids = new Map<string, Resolution>()

  constructor(
    readings: ReadonlyMap<string, FullAccessReading>,
    mailboxes: readonly Mailbox[],
    groups: readonly DirectoryGroup[],
  ) {
    for (const trustee of eachTrustee(readings)) this.#want(trustee)
    for (const mailbox of mailboxes) this.#addMailbox(mailbox)
    for (const group of groups) this.#addGroup(group)
    for (const trustee of eachTrustee(readings)) this.#learnSid(trustee)
  }

  /** Who this trustee is, from what the readings, the mailboxes and the groups say. */
  resolve(trustee: Trustee): Resolution {
    const { space, key } = keyOf(trustee.text)
    if (space === 'address' || space === 'id') {
      const found = this.#hit(space, key)
      if (found.kind !== 'unresolved') return found
    }
    const sid = space === 'sid' ? key : fold(trustee.sid)
    const learned = this.#learnedSids.get(sid)
    if (learned !== undefined) return learned
    if (space === 'sid') return { kind: 'dropped', reason: 'raw_sid' }
    // `NT AUTHORITY\SYSTEM` and its like are no accounts; a mailbox may well be called "system".
    if (isWellKnownSid(sid)) return { kind: 'dropped', reason: 'cannot_log_in' }
    return space === 'name' ? this.#hit('name', key) : { kind: 'unresolved' }
  }

  #want(trustee: Trustee): void {
    const { space, key } = keyOf(trustee.text)
    if (space !== 'sid') this.#hits[space].set(key, { kind: 'unresolved' })
  }

  #addMailbox(mailbox: Mailbox): void {
    this.#add('address', mailbox.primarySmtpAddress, mailbox)
    for (const address of mailbox.secondarySmtpAddresses) this.#add('address', address, mailbox)
    if (mailbox.identifier !== null) this.#add('id', mailbox.identifier, mailbox)
    this.#add('id', mailbox.exchangeGuid, mailbox)
    // New mailboxes have their identifier for a name.
    if (mailbox.identifier !== null) this.#addName(mailbox.identifier, mailbox)
    this.#addName(mailbox.displayName, mailbox)
    for (const name of mailbox.names) this.#addName(name, mailbox)
  }

  #addName(name: string, mailbox: Mailbox): void {
    // A UPN is among the names and looks like an address.
    this.#add(name.includes('@') ? 'address' : 'name', fold(name), mailbox)
  }

  #addGroup(group: DirectoryGroup): void {
    this.#add('id', group.id, group)
    for (const address of addressesOf(group)) this.#add('address', fold(address), group)
    this.#add('name', fold(group.displayName), group)
    if (group.mailNickname !== null) this.#add('name', fold(group.mailNickname), group)
  }

  #add(space: 'address' | 'id' | 'name', key: string, object: Mailbox | DirectoryGroup): void {
    const before = this.#hits[space].get(key)
    if (before === undefined) return
    this.#hits[space].set(key, oneOf(before, resolutionOf(object)))
  }

  #hit(space: 'address' | 'id' | 'name', key: string): Resolution {
    return this.#hits[space].get(key) ?? { kind: 'unresolved' }
  }

  /** Only a row that was resolved by its address teaches a SID: a name may belong to somebody else. */
  #learnSid(trustee: Trustee): void {
    const sid = fold(trustee.sid)
    const { space, key } = keyOf(trustee.text)
    if (space !== 'address' || !principalSid.test(sid)) return
    const found = this.#hit(space, key)
    if (found.kind !== 'mailbox' && found.kind !== 'group') return
    this.#learnedSids.set(sid, oneOf(this.#learnedSids.get(sid) ?? { kind: 'unresolved' }, found))
  }
}

/** Every trustee of every reading that succeeded. */
export function* eachTrustee(readings: ReadonlyMap<string, FullAccessReading>): Generator<Trustee> {
  for (const reading of readings.values()) {
    if (reading.status === 'read') yield* reading.trustees
  }
}

function keyOf(text: string): TrusteeKey {
  const form = fold(text)
  if (form.includes('@')) return { space: 'address', key: form }
  if (guid.test(form)) return { space: 'id', key: form }
  if (anySid.test(form)) return { space: 'sid', key: form }
  return { space: 'name', key: form.slice(form.lastIndexOf('\\') + 1) }
}

function isWellKnownSid(sid: string): boolean {
  return anySid.test(sid) && !principalSid.test(sid)
}

/** Graph writes proxy addresses with their protocol (`SMTP:sales@…`); only mail addresses name a group. */
function addressesOf(group: DirectoryGroup): readonly string[] {
  const proxies = group.proxyAddresses
    .filter((proxy) => !proxy.includes(':') || /^smtp:/i.test(proxy))
    .map((proxy) => proxy.slice(proxy.indexOf(':') + 1))
  return group.mail === null ? proxies : [group.mail, ...proxies]
}

function resolutionOf(object: Mailbox | DirectoryGroup): Resolution {
  return 'exchangeGuid' in object
    ? { kind: 'mailbox', mailbox: object }
    : { kind: 'group', id: object.id }
}

/** Two different objects under one key are ambiguous, whatever they are; the same one twice is itself. */
function oneOf(before: Resolution, hit: Resolution): Resolution {
  if (before.kind === 'unresolved') return hit
  return isSameObject(before, hit) ? before : { kind: 'ambiguous' }
}

function isSameObject(left: Resolution, right: Resolution): boolean {
  if (left.kind === 'group' && right.kind === 'group') return left.id === right.id
  return (
    left.kind === 'mailbox' &&
    right.kind === 'mailbox' &&
    left.mailbox.exchangeGuid === right.mailbox.exchangeGuid
  )
}
