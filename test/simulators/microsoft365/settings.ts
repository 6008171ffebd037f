import * as z from 'zod'

/** What the app's managed identity was granted (reference 2.3 and 5.8). */
const rightsSchema = z.strictObject({
  /** App role `Exchange.ManageAsApp`. */
  appRole: z.boolean(),
  /** Entra directory role; `Global Reader` and the two administrator roles may read mailboxes, others may not. */
  directoryRole: z.string().nullable(),
  /** Graph application permissions. */
  graphRoles: z.array(z.string()),
})

const identitySchema = z.strictObject({
  /** `jwt` tokens carry readable `roles` and `wids`; `opaque` ones carry nothing. */
  tokenFormat: z.enum(['opaque', 'jwt']),
  tokenLifetimeSeconds: z.number(),
  /** The platform hands out the same token until shortly before its end. */
  reuseTokens: z.boolean(),
  /** `now`: a granted role works at once; `issue`: only in tokens issued after it (reference 2.1). */
  rightsCountFrom: z.enum(['now', 'issue']),
  /** Audiences besides Exchange and Graph that get a token. */
  extraResources: z.array(z.string()),
})

const exchangeSchema = z.strictObject({
  maxPageSize: z.int().min(1),
  cursorSeconds: z.number(),
  /** `refused`: no cursor ever works (reference 3.6, point 3). */
  cursors: z.enum(['working', 'refused']),
  /** What a next page must share with the first one. */
  affinity: z.enum(['anchor_and_cookie', 'anchor', 'none']),
  /** Host of next links: as called, the public cloud's, a foreign one; or the same link for ever. */
  nextLinks: z.enum(['called', 'public', 'foreign', 'repeated']),
  /** A complete answer carries `"@odata.nextLink": ""`. */
  emptyNextLinkAtEnd: z.boolean(),
  selectSurvivesPaging: z.boolean(),
  /** A listing stops after so many rows with the warning and without a next link. */
  truncateAt: z.int().nullable(),
  duplicatesAcrossPages: z.boolean(),
  /** The second page is empty and has a next link. */
  emptyMiddlePage: z.boolean(),
  noRows: z.enum(['empty', 'null', 'missing']),
  singleRowAsObject: z.boolean(),
  booleansAsText: z.boolean(),
  /** `regional`: every call is sent on to `{prefix}-eur` by a 302. */
  redirect: z.enum(['none', 'regional']),
  /** Most cmdlets at once; `null` = no cap. */
  concurrencyCap: z.int().nullable(),
  concurrencyStatus: z.union([z.literal(429), z.literal(503)]),
  /** Encoding that the 403 of NUL bytes claims. */
  forbiddenBody: z.enum(['plain', 'gzip']),
  unauthorizedBody: z.enum(['json', 'empty']),
  notFoundStatus: z.union([z.literal(404), z.literal(400), z.literal(500)]),
  ambiguousStatus: z.union([z.literal(400), z.literal(404), z.literal(500)]),
  errorShape: z.enum(['full', 'no_innererror', 'no_details', 'json_details']),
  /** `on_request`: orphaned entries show only with `IncludeUnresolvedPermissions`. */
  orphans: z.enum(['always', 'on_request']),
  groupTrusteeText: z.enum(['display_name', 'nickname', 'mail']),
  userTrusteeText: z.enum(['upn', 'primary_address']),
  selfName: z.string(),
  rateLimitHeaders: z.boolean(),
  maxBatchItems: z.int(),
  batchOrder: z.enum(['asked', 'shuffled']),
  batchItems: z.enum(['sequential', 'parallel']),
  /** Items after a failed one get no answer, unless its `Prefer` says `odata.continue-on-error`. */
  stopBatchOnError: z.boolean(),
})

const graphSchema = z.strictObject({
  maxPageSize: z.int().min(1),
  defaultPageSize: z.int().min(1),
  pageTokenSeconds: z.number(),
  nextLinks: z.enum(['called', 'public', 'foreign', 'repeated']),
  emptyMiddlePage: z.boolean(),
  duplicatesAcrossPages: z.boolean(),
  /** Without `Member.Read.Hidden` the members of a hidden group are refused, or there seem to be none. */
  hiddenMembership: z.enum(['forbidden', 'empty']),
  batchOrder: z.enum(['asked', 'shuffled']),
})

export type Rights = z.infer<typeof rightsSchema>
type IdentitySettings = z.infer<typeof identitySchema>
export type ExchangeSettings = z.infer<typeof exchangeSchema>
export type GraphSettings = z.infer<typeof graphSchema>

/** How the simulated tenant behaves; every member may be changed while it runs. */
export interface Settings {
  readonly rights: Rights
  readonly identity: IdentitySettings
  readonly exchange: ExchangeSettings
  readonly graph: GraphSettings
}

/** Some members of some sections; what is left out stays. */
export const settingsPatchSchema = z.strictObject({
  rights: rightsSchema.partial().optional(),
  identity: identitySchema.partial().optional(),
  exchange: exchangeSchema.partial().optional(),
  graph: graphSchema.partial().optional(),
})
export type SettingsPatch = z.input<typeof settingsPatchSchema>

/** Settings of a healthy tenant with everything granted. */
export function createSettings(patch: SettingsPatch = {}): Settings {
  const settings: Settings = {
    rights: {
      appRole: true,
      directoryRole: 'Global Reader',
      graphRoles: [
        'GroupMember.Read.All',
        'User.Read.All',
        'Member.Read.Hidden',
        'OrgContact.Read.All',
      ],
    },
    identity: {
      tokenFormat: 'opaque',
      tokenLifetimeSeconds: 86_400,
      reuseTokens: true,
      rightsCountFrom: 'now',
      extraResources: [],
    },
    exchange: healthyExchange(),
    graph: {
      maxPageSize: 999,
      defaultPageSize: 100,
      pageTokenSeconds: 3600,
      nextLinks: 'public',
      emptyMiddlePage: false,
      duplicatesAcrossPages: false,
      hiddenMembership: 'forbidden',
      batchOrder: 'shuffled',
    },
  }
  changeSettings(settings, patch)
  return settings
}

function healthyExchange(): ExchangeSettings {
  return {
    maxPageSize: 1000,
    cursorSeconds: 1800,
    cursors: 'working',
    affinity: 'anchor_and_cookie',
    nextLinks: 'called',
    emptyNextLinkAtEnd: false,
    selectSurvivesPaging: true,
    truncateAt: null,
    duplicatesAcrossPages: false,
    emptyMiddlePage: false,
    noRows: 'empty',
    singleRowAsObject: false,
    booleansAsText: false,
    redirect: 'none',
    concurrencyCap: null,
    concurrencyStatus: 429,
    forbiddenBody: 'plain',
    unauthorizedBody: 'json',
    notFoundStatus: 404,
    ambiguousStatus: 400,
    errorShape: 'full',
    orphans: 'always',
    groupTrusteeText: 'display_name',
    userTrusteeText: 'upn',
    selfName: 'NT AUTHORITY\\SELF',
    rateLimitHeaders: false,
    maxBatchItems: 10,
    batchOrder: 'asked',
    batchItems: 'sequential',
    stopBatchOnError: false,
  }
}

/** Changes a running simulator's behaviour. @throws ZodError for an unknown name or a wrong value */
export function changeSettings(settings: Settings, patch: unknown): void {
  const { rights, identity, exchange, graph } = settingsPatchSchema.parse(patch)
  Object.assign(settings.rights, rights)
  Object.assign(settings.identity, identity)
  Object.assign(settings.exchange, exchange)
  Object.assign(settings.graph, graph)
}
