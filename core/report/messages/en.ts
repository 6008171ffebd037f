import type { Messages } from './catalogue.ts'
import { titlesEn } from './titles.ts'

const numbers = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const n = (value: number): string => numbers.format(value)
const count = (value: number, one: string, many: string): string =>
  `${n(value)} ${value === 1 ? one : many}`
const changes = (value: number): string => count(value, 'change', 'changes')
const accounts = (value: number): string => count(value, 'account', 'accounts')

const done = {
  create: 'created',
  update: 'updated',
  suspend: 'suspended',
  reactivate: 'reactivated',
  link: 'linked',
} as const

const nouns = {
  create: ['new account', 'new accounts'],
  update: ['update', 'updates'],
  suspend: ['suspension', 'suspensions'],
  reactivate: ['reactivation', 'reactivations'],
  link: ['link', 'links'],
} as const

const phases = {
  reading: 'reading',
  planning: 'planning',
  applying: 'applying',
  reporting: 'reporting',
  done: 'done',
} as const

export const en: Messages = {
  subject: {
    nothingToDo: (total) => `nothing to do, ${accounts(total)} in step`,
    done: (value, action) => `${n(value)} ${done[action]}`,
    partial: (failed) => `${n(failed)} FAILED`,
    stillFailing: (repeated) => `${n(repeated)} still failing`,
    preview: (value) => `PREVIEW: ${changes(value)}, nothing written`,
    previewNothing: 'PREVIEW: nothing to do',
    previewOverLimit: (value) => `PREVIEW: ${changes(value)}, a sync would be BLOCKED`,
    blocked: (day) => (day > 1 ? `BLOCKED day ${n(day)}` : 'BLOCKED'),
    would: (action, share) =>
      share.total === 0
        ? `would ${action ?? 'change'} ${n(share.count)}, Zivver has none yet`
        : `would ${action ?? 'change'} ${n(share.count)} of ${n(share.total)}`,
    failed: (day) => (day > 1 ? `FAILED day ${n(day)}` : 'FAILED'),
    cancelled: (applied, planned) =>
      planned === 0
        ? 'CANCELLED before anything was written'
        : `CANCELLED: ${n(applied)} of ${changes(planned)} applied`,
    settingsChanged: (applied, planned) =>
      planned === 0
        ? 'STOPPED: settings changed, nothing written'
        : `STOPPED: settings changed, ${n(applied)} of ${changes(planned)} applied`,
    withoutSuccess: (days) => `no success for ${count(days, 'day', 'days')}`,
    nothingApplied: 'nothing applied',
    deferred: (value) => `${n(value)} deferred`,
    underWay: 'under way',
  },
  headline: {
    nothingToDo: 'Everything is in step',
    done: (applied) => `${changes(applied)} applied`,
    partial: ({ fresh, repeated }, applied) => {
      const failed = fresh > 0 ? `${changes(fresh)} failed, ` : ''
      const still = fresh > 0 ? n(repeated) : changes(repeated)
      return `${failed}${repeated > 0 ? `${still} still failing, ` : ''}${n(applied)} applied`
    },
    preview: (value) => `Preview: ${changes(value)} to make`,
    previewNothing: 'Preview: everything is in step',
    previewOverLimit: (value) => `Preview: ${changes(value)}, more than the limit`,
    blocked: (day) =>
      day > 1 ? `Blocked, day ${n(day)}: nothing was written` : 'Blocked: nothing was written',
    failed: (day) => (day > 1 ? `Failed, day ${n(day)}` : 'Failed'),
    cancelled: 'Cancelled',
    settingsChanged: 'Stopped: settings or version changed',
    underWay: 'Under way',
  },
  lead: {
    nothingToDo: (unchanged) =>
      `${accounts(unchanged)} in Zivver agree with their mailboxes. Nothing had to be written.`,
    done: 'Every change of this run was applied.',
    partial: 'The failed changes stayed as they were; all others were applied.',
    preview: 'Nothing was written. A sync with this plan would make the changes below.',
    previewNothing: 'Nothing was written, and a sync would find nothing to do.',
    previewOverLimit:
      'Nothing was written. A sync with this plan would be blocked by the large-change guard.',
    blocked: 'The plan changes more accounts than the large-change guard allows.',
    failedBeforeWriting: (phase) =>
      `The run failed while ${phases[phase]}, before anything was written in Zivver.`,
    failedWhileWriting: (applied, planned) =>
      `The run failed after ${n(applied)} of ${changes(planned)}. What was applied stays; the next run goes on from there.`,
    stopped: (applied, planned) =>
      `${n(applied)} of ${changes(planned)} were applied and stay. The others were not begun.`,
    stoppedBeforeWriting: 'Nothing was written in Zivver.',
    underWay: (phase) => `The run is ${phases[phase]}. This page shows what is known by now.`,
    deferred: (value) =>
      `${changes(value)} deferred: \`CLOUD_SYNC__ACTIONS\` does not allow ${value === 1 ? 'it' : 'them'}, or the approved plan did not have ${value === 1 ? 'it' : 'them'}.`,
  },
  withoutSuccess: (since, days) =>
    `No run has been successful since ${since}: ${count(days, 'day', 'days')}.`,
  limit: {
    share: (share, percent, limitPercent) =>
      `${n(share.count)} of ${accounts(share.total)} (${percent}) would change; the limit is ${n(limitPercent)} %.`,
    noAccounts: (value) =>
      `${accounts(value)} would be changed, and Zivver has none yet: a first sync always needs your approval.`,
  },
  cause: {
    heading: 'Why',
    line: (action, share, reason) =>
      share.count === share.total
        ? `${n(share.count)} ${nouns[action][share.count === 1 ? 0 : 1]}: ${reason}`
        : `${n(share.count)} of ${n(share.total)} ${nouns[action][1]}: ${reason}`,
    rest: (value) => `${count(value, 'other cause', 'other causes')}: see the report`,
    outOfScopeGrew: (reason, sizes, since) =>
      `Mailboxes out of scope (${reason}) grew from ${n(sizes.before)} to ${n(sizes.now)} since ${since}.`,
    notInGroup: (group, sizes, isCertain) =>
      `${isCertain ? 'no longer' : 'not'} a member of filter group “${group}”, which shrank from ${n(sizes.before)} to ${n(sizes.now)}`,
    groupShrank: (group, sizes, since) =>
      `Filter group “${group}” shrank from ${n(sizes.before)} to ${count(sizes.now, 'member', 'members')} since ${since}.`,
    groupRemoved: (group, members, since) =>
      `Filter group “${group}” (${count(members, 'member', 'members')} on ${since}) is no longer in \`CLOUD_SYNC__SOURCE_FILTER\`.`,
    groupAdded: (group, members, since) =>
      `Filter group “${group}” (${count(members, 'member', 'members')}) came into \`CLOUD_SYNC__SOURCE_FILTER\` since ${since}.`,
    filterIsNew: (since) => `The source filter is new: there was none on ${since}.`,
    technical: 'In technical terms',
    original: 'As it was said',
  },
  steps: {
    heading: 'What to do',
    approve: (runId) =>
      `If these changes are right: open this run in the dashboard and press **Approve**, or start a run with \`perform_sync=true\` and \`approve_run=${runId}\`. Exactly these changes are applied, and nothing that came later.`,
    allowLargeSync:
      'To let one run pass the guard with whatever it finds then: start it with `perform_sync=true` and `allow_large_sync=true`.',
    repairInstead:
      'If they are not right: correct the cause in Microsoft 365 or in the settings, and start a preview. Until then nothing is changed in Zivver, so leavers keep their access.',
    firstSync:
      'This is the first sync of this organisation. Read the attached changes before you approve them.',
    previewApprove: (runId) =>
      `To apply exactly these changes: open this run in the dashboard and press **Approve**, or start a run with \`perform_sync=true\` and \`approve_run=${runId}\`.`,
    turnOnSchedule:
      'Scheduled runs are previews as long as `CLOUD_SYNC__PERFORM_SYNC` is `False`. Set it to `True` to let them write.',
    startAgain:
      'Start a new run when you are ready: press **Preview** or **Sync** in the dashboard.',
    retryByItself: 'The next scheduled run tries again by itself.',
  },
  openRun: 'Open this run in the dashboard',
  counts: {
    heading: 'Counts',
    action: 'Action',
    planned: 'Planned',
    applied: 'Applied',
    failed: 'Failed',
    deferred: 'Deferred',
    open: 'Not begun',
    unchanged: 'Already in step',
    skipped: 'Skipped because of a conflict',
    unmanaged: 'Not managed',
    changed: 'Accounts that change',
    total: 'Accounts in Zivver',
    outOfScope: 'Mailboxes out of scope',
    mailboxTypes: 'Mailboxes',
    ssoKeys: (value) =>
      `The SSO account key is written on ${count(value, 'existing account', 'existing accounts')} by this plan. Is the SSO claim in Zivver \`user.objectid\`? If not, set \`CLOUD_SYNC__SSO_ACCOUNT_KEY\` to \`omit\` first.`,
  },
  leavers: {
    heading: (value) => `Can still log in (${n(value)})`,
    lead: 'The mailbox became a shared one, but the Zivver user account is active: whoever has its login can still use it. Suspend it in Zivver, or change its type to functional.',
  },
  withoutMailbox: {
    heading: (value) => `Suspensions without a mailbox (${n(value)})`,
    lead: 'No mailbox of the tenant has these addresses, and the accounts were never linked to one. An account that has to stay belongs in `CLOUD_SYNC__TARGET_FILTER`.',
  },
  failures: {
    heading: (value) => `Failed changes (${n(value)})`,
  },
  warnings: {
    heading: (value) => `Warnings (${n(value)})`,
    remedy: 'What to do',
  },
  changes: {
    heading: 'Changes',
    firstOf: (shown, total) => `The first ${n(shown)} of ${n(total)}.`,
    before: 'before',
    after: 'after',
    reason: 'because',
    none: 'nothing',
    yes: 'yes',
    no: 'no',
    more: (value) => `and ${n(value)} more`,
    attached: 'All of them are attached as `changes.csv` and in the report.',
  },
  run: {
    heading: 'About this run',
    id: 'Run',
    mode: 'Mode',
    preview: 'Preview',
    sync: 'Sync',
    trigger: 'Started by',
    schedule: 'the schedule',
    manual: 'hand',
    flags: 'Flags',
    started: 'Started',
    finished: 'Finished',
    duration: 'Duration',
    work: (duration, slices) =>
      slices > 1 ? `${duration} of work in ${n(slices)} invocations` : `${duration} of work`,
    calls: 'Calls',
    callsOf: (exchange, graph, zivver) => `Exchange ${exchange}, Graph ${graph}, Zivver ${zivver}`,
    cost: 'Estimated cost',
    costOf: (amount, gigabyteSeconds, slices) =>
      `${amount} at list price, before the free grant (${gigabyteSeconds} GB-s, ${count(slices, 'invocation', 'invocations')}, one mail)`,
    version: 'Version',
    next: 'Next scheduled run',
    nextIs: (kind, moments) =>
      `${kind === 'sync' ? 'Sync' : 'Preview'}: ${moments.join('; then ')}`,
    status: 'Outcome',
    email: 'Mail',
  },
  attachments: {
    heading: 'Attached',
    changes: 'all changes, for Excel',
    report: 'the report: unpack it and open it in a browser, it works offline',
    debug: 'the log of this run',
    cutRows: (kept, total) =>
      `only the first ${n(kept)} of ${n(total)} changes, so that the mail stays small; the dashboard has all`,
    cutLog: (kept, total) => `only the last ${kept} of ${total}, so that the mail stays small`,
  },
  footer:
    'Cloud Sync keeps Zivver accounts in step with Exchange Online. It never deletes an account.',
  page: {
    title: 'Cloud Sync report',
    chart: 'Changes by action',
    history: 'Earlier runs, oldest first: changes applied by each, this one last',
    historyEmpty: 'There are no earlier runs.',
    groups: 'By action, kind and cause',
    group: 'Show only these changes',
    count: 'Changes',
    find: 'Find an address or a name',
    findHint: 'part of an address, a name or an id',
    all: 'all',
    kind: 'Kind',
    cause: 'Cause',
    status: 'Status',
    reset: 'Show all',
    matches: '{count} of {total} changes',
    range: '{from} to {to}',
    previous: 'Previous',
    next: 'Next',
    field: 'Field',
    identifier: 'Mailbox (ExternalDirectoryObjectId)',
    scimId: 'Account (SCIM id)',
    error: 'Error',
    noMatch: 'No change matches.',
    noChanges: 'There are no changes in this run.',
    noScript:
      'The list of changes needs the script in this file. Open it in a browser that may run it; changes.csv has the same list.',
    print: 'A print shows the rows that are on the screen.',
    cut: 'This file holds only the first {kept} of {total} changes. The dashboard has all of them.',
    more: 'and {count} more',
  },
  actions: {
    create: 'Create',
    update: 'Update',
    suspend: 'Suspend',
    reactivate: 'Reactivate',
    link: 'Link',
  },
  kinds: { user: 'User account', functional: 'Functional account' },
  changeStatuses: {
    planned: 'planned',
    applied: 'applied',
    failed: 'failed',
    deferred: 'deferred',
  },
  runStatuses: {
    queued: 'Queued',
    running: 'Running',
    succeeded: 'Succeeded',
    completed_with_errors: 'Completed with errors',
    blocked: 'Blocked',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  phases,
  fields: {
    userName: 'Address',
    externalId: 'Address',
    'name.formatted': 'Name',
    displayName: 'Name',
    aliases: 'Aliases',
    delegates: 'Delegates',
    active: 'Active',
    ExternalAccountId: 'Identifier',
    SsoAccountKey: 'SSO key',
  },
  reasons: {
    new_mailbox: 'a mailbox without an account',
    differs: 'the mailbox differs from the account',
    back_in_scope: 'the mailbox is in scope again',
    adopted_by_identifier: 'existing account adopted, by its identifier',
    adopted_by_address: 'existing account adopted, by its address',
    adopted_by_former_address: 'existing account adopted, by a former address',
    mailbox_made_again: 'the mailbox was made again',
    relinked: 'passed to another mailbox, as `relink` asks',
    row_outdated: 'the stored link was outdated',
    no_mailbox: 'the mailbox does not exist',
    mailbox_type: 'the mailbox is of a type that is not synchronised',
    no_identifier: 'the mailbox has no identifier',
    mailbox_disabled: 'the mailbox’s account is disabled',
    domain_not_included: 'the domain is not included',
    not_in_source_filter: 'not a member of the source filter’s groups',
  },
  scope: {
    mailbox_type: 'type not synchronised',
    no_identifier: 'no identifier',
    mailbox_disabled: 'account disabled',
    domain_not_included: 'domain not included',
    not_in_source_filter: 'not in the source filter',
  },
  titles: titlesEn,
}
