/** Everything that can go wrong between the app and the services, as the simulators offer it. */
import type { FaultAction, FaultRule } from '../simulators/shared/fault-rule.ts'
import type { Random } from '../simulators/shared/random.ts'
import type { RateLimit } from './judge.ts'

export type Service = 'microsoft365' | 'zivver' | 'mail'

/** A fault for a while: calls that meet a rule, or a service that behaves differently. */
export type WireFault = {
  /** What the summary calls it. */
  readonly kind: string
  readonly service: Service
  /** When it begins, after the round's first request. */
  readonly afterMs: number
} & (
  | { readonly rule: FaultRule }
  /** Actions of `POST /__control/state`: what begins it, and what ends it. */
  | { readonly begin: ControlAction; readonly end?: ControlAction; readonly lastsMs: number }
)

export type ControlAction = { readonly action: string } & Readonly<Record<string, unknown>>

export interface Circumstances {
  /** After so long the app gives up a call to Zivver. */
  readonly zivverTimeoutMs: number
  readonly rateLimit: RateLimit
}

type Maker = (random: Random, circumstances: Circumstances) => Made
type Made =
  | Pick<Extract<WireFault, { rule: FaultRule }>, 'kind' | 'service' | 'rule'>
  | Pick<Extract<WireFault, { begin: object }>, 'kind' | 'service' | 'begin' | 'end'>

export function drawWireFault(random: Random, circumstances: Circumstances): WireFault {
  const ordinary = random.pick([zivver, zivver, zivver, microsoft365, microsoft365, mail])
  const makers = random.chance(0.01) ? long : ordinary
  const made = random.pick(makers)(random, circumstances)
  const afterMs = random.pick([0, random.integer(0, 7_000)])
  return 'rule' in made
    ? { ...made, afterMs }
    : { ...made, afterMs, lastsMs: random.integer(300, 2_500) }
}

/** On all or some of the calls that fit: a few times, or as a storm. */
function now(random: Random, match: FaultRule['match'], action: FaultAction): FaultRule {
  const probability = random.pick([0.3, 1])
  const times = random.pick([random.integer(1, 5), 15])
  return { ...(match && { match }), probability, times, action }
}

const writes = { tags: { access: 'write' } }
const reads = { tags: { access: 'read' } }
const creates = { tags: { operation: 'create' } }
const lists = { tags: { operation: 'list' } }

const any = (random: Random) => random.pick([writes, writes, creates, reads])

/** A fault of Zivver's that meets calls. */
function onZivver(
  kind: string,
  match: (random: Random) => FaultRule['match'],
  action: (random: Random, circumstances: Circumstances) => FaultAction,
): Maker {
  return (random, circumstances) => ({
    kind: `Zivver: ${kind}`,
    service: 'zivver',
    rule: now(random, match(random), action(random, circumstances)),
  })
}

/** Zivver behaves differently for a while. */
function zivverOption(kind: string, given: object, usual: object): Maker {
  return () => ({
    kind: `Zivver: ${kind}`,
    service: 'zivver',
    begin: { action: 'set_options', options: given },
    end: { action: 'set_options', options: usual },
  })
}

const refusals = [
  'Account is outside the organization',
  'Invalid division: /Sales',
  'Invalid request: no reason',
]

const zivver: readonly Maker[] = [
  onZivver('429 with Retry-After', any, (random) => ({
    kind: 'answer',
    status: 429,
    retryAfter: random.integer(1, 2),
  })),
  onZivver('429 with the window in its body', any, (_, { rateLimit }) => ({
    kind: 'answer',
    status: 429,
    body: {
      code: 429,
      message: 'Too Many Requests',
      emptiedBucketDetails: { budget: rateLimit.requests, windowSeconds: rateLimit.seconds },
    },
  })),
  onZivver('503', any, () => ({ kind: 'answer', status: 503, retryAfter: 1 })),
  onZivver('500', any, () => ({ kind: 'answer', status: 500, body: 'no' })),
  onZivver(
    '500 after the work',
    () => writes,
    () => ({
      kind: 'answer',
      status: 500,
      body: 'no',
      processed: true,
    }),
  ),
  onZivver('502 as HTML', any, () => ({ kind: 'answer', status: 502, body: '<html></html>' })),
  onZivver('reset', any, () => ({ kind: 'close' })),
  onZivver(
    'reset after the work',
    () => writes,
    () => ({ kind: 'close', processed: true }),
  ),
  onZivver(
    'reset after a create',
    () => creates,
    () => ({ kind: 'close', processed: true }),
  ),
  onZivver('never answered', any, () => ({ kind: 'hang' })),
  onZivver(
    'done and never answered',
    () => writes,
    () => ({ kind: 'hang', processed: true }),
  ),
  onZivver('answer cut', any, (random) => ({ kind: 'truncate', bytes: random.integer(0, 200) })),
  onZivver('answer stalls', any, (random) => ({ kind: 'stall', bytes: random.integer(0, 200) })),
  onZivver('slow answer', any, (_, { zivverTimeoutMs }) => ({
    kind: 'slow',
    ms: zivverTimeoutMs * 0.6,
  })),
  onZivver('late answer', any, (_, { zivverTimeoutMs }) => ({
    kind: 'delay',
    ms: zivverTimeoutMs * 1.5,
  })),
  onZivver(
    'list that is no JSON',
    () => lists,
    () => ({
      kind: 'answer',
      status: 200,
      headers: { 'content-type': 'text/html' },
      body: '<html></html>',
    }),
  ),
  onZivver('sent elsewhere', any, () => ({
    kind: 'answer',
    status: 302,
    headers: { location: 'https://elsewhere.example/' },
  })),
  onZivver('401', any, () => ({ kind: 'answer', status: 401, body: 'Unauthorized' })),
  onZivver(
    'refused write',
    () => writes,
    (random) => ({
      kind: 'answer',
      status: 400,
      body: random.pick(refusals),
    }),
  ),
  zivverOption('total too high', { totalResults: 1 }, { totalResults: 'right' }),
  zivverOption('total too low', { totalResults: -1 }, { totalResults: 'right' }),
  zivverOption('accounts missing from lists', { missingFromLists: 2 }, { missingFromLists: 0 }),
  zivverOption(
    'first page again and again',
    { paging: { mode: 'first_page_only', size: 5 } },
    { paging: { mode: 'whole' } },
  ),
  (random) => ({
    kind: 'Zivver: success without the work',
    service: 'zivver',
    begin: { action: 'ignore_writes', match: {}, times: random.integer(1, 2) },
    end: { action: 'heed_writes' },
  }),
]

const parts = [
  { name: 'Exchange', tags: { service: 'exchange' } },
  { name: 'Exchange', tags: { service: 'exchange', cmdlet: 'Get-Mailbox' } },
  { name: 'Exchange', tags: { service: 'exchange', cmdlet: 'Get-MailboxPermission' } },
  { name: 'Graph', tags: { service: 'graph' } },
  { name: 'Identity', tags: { service: 'identity' } },
] as const

/** A fault of a part of Microsoft 365. */
function onMicrosoft365(kind: string, action: (random: Random) => FaultAction): Maker {
  return (random) => {
    const { name, tags } = random.pick(parts)
    const rule = now(random, { tags }, action(random))
    return { kind: `${name}: ${kind}`, service: 'microsoft365', rule }
  }
}

/** The tenant behaves differently for a while. */
function tenantSetting(kind: string, given: object, usual: object): Maker {
  return () => ({
    kind,
    service: 'microsoft365',
    begin: { action: 'settings', patch: given },
    end: { action: 'settings', patch: usual },
  })
}

const busy = JSON.stringify({ error: { code: 'ServiceUnavailable', message: 'busy' } })

const microsoft365: readonly Maker[] = [
  onMicrosoft365('429', () => ({ kind: 'answer', status: 429, retryAfter: 1 })),
  onMicrosoft365('503', () => ({ kind: 'answer', status: 503, retryAfter: 1, body: busy })),
  onMicrosoft365('500', () => ({ kind: 'answer', status: 500, body: busy })),
  onMicrosoft365('reset', () => ({ kind: 'close' })),
  onMicrosoft365('reset after the work', () => ({ kind: 'close', processed: true })),
  onMicrosoft365('answer cut', (random) => ({ kind: 'truncate', bytes: random.integer(0, 300) })),
  onMicrosoft365('slow answer', () => ({ kind: 'slow', ms: 1_500 })),
  onMicrosoft365('late answer', () => ({ kind: 'delay', ms: 1_500 })),
  onMicrosoft365('no JSON', () => ({
    kind: 'answer',
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html></html>',
  })),
  tenantSetting(
    'Exchange: list cut with a warning',
    { exchange: { truncateAt: 3 } },
    { exchange: { truncateAt: null } },
  ),
  tenantSetting(
    'Exchange: next link for ever',
    { exchange: { nextLinks: 'repeated', maxPageSize: 5 } },
    { exchange: { nextLinks: 'called', maxPageSize: 1000 } },
  ),
  tenantSetting(
    'Exchange: next link to a stranger',
    { exchange: { nextLinks: 'foreign', maxPageSize: 5 } },
    { exchange: { nextLinks: 'called', maxPageSize: 1000 } },
  ),
  tenantSetting(
    'Exchange: few cmdlets at once',
    { exchange: { concurrencyCap: 2 } },
    { exchange: { concurrencyCap: null } },
  ),
  tenantSetting(
    'Exchange: directory role taken away',
    { rights: { directoryRole: null } },
    { rights: { directoryRole: 'Global Reader' } },
  ),
  tenantSetting(
    'Graph: next link for ever',
    { graph: { nextLinks: 'repeated', maxPageSize: 2 } },
    { graph: { nextLinks: 'public', maxPageSize: 999 } },
  ),
  () => ({
    kind: 'Identity: tokens revoked',
    service: 'microsoft365',
    begin: { action: 'revoke_tokens' },
  }),
]

/** Faults that hold a run for up to two minutes: deadlines of calls, and a wait that ends the slice. */
const long: readonly Maker[] = [
  (random) => ({
    kind: 'Zivver: 429 with a long Retry-After',
    service: 'zivver',
    rule: { match: any(random), times: 1, action: { kind: 'answer', status: 429, retryAfter: 31 } },
  }),
  (random) => {
    const { name, tags } = random.pick(parts)
    const rule = { match: { tags }, times: 1, action: { kind: 'hang' as const } }
    return { kind: `${name}: never answered`, service: 'microsoft365', rule }
  },
  () => ({
    kind: 'Mail: never answered',
    service: 'mail',
    rule: { times: 1, action: { kind: 'hang' } },
  }),
]

/** A fault of the mail service that meets calls. */
function onMail(kind: string, action: FaultAction): Maker {
  return (random) => ({ kind: `Mail: ${kind}`, service: 'mail', rule: now(random, {}, action) })
}

const mail: readonly Maker[] = [
  onMail('429', { kind: 'answer', status: 429, retryAfter: 1 }),
  onMail('500', { kind: 'answer', status: 500 }),
  onMail('reset', { kind: 'close' }),
  onMail('reset after the work', { kind: 'close', processed: true }),
  () => ({
    kind: 'Mail: fails in the end',
    service: 'mail',
    begin: {
      action: 'set_options',
      options: { failWith: { code: 'EmailDropped', message: 'the recipient is unknown' } },
    },
    end: { action: 'set_options', options: { failWith: null } },
  }),
]
