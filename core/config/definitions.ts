/**
 * Every setting of Cloud Sync: the one table from which settings are parsed, and from which `docs/settings.md` and
 * `local.settings.example.json` are checked (contract, section 2).
 */
import { actions } from '../model/change.ts'
import { defaultSchedule } from './schedule.ts'
import {
  address,
  baseUrl,
  boolean,
  domain,
  emailConnectionString,
  guid,
  headerSecret,
  listOf,
  number,
  oneOf,
  orNull,
  plainText,
  rateLimit,
  schedule,
  someOf,
  type TextSchema,
  targetFilter,
  timeZone,
  wholeNumber,
} from './values.ts'

export const settingPrefix = 'CLOUD_SYNC__'

export interface SettingDefinition<T = unknown> {
  /** The name behind `CLOUD_SYNC__`. */
  readonly name: string
  readonly schema: TextSchema<T>
  /** The text that stands for an absent or blank setting; `null` = the setting is required. */
  readonly default: string | null
  /** A secret's value never leaves the process: not in a fault, a log, a mail or an answer. */
  readonly secret: boolean
  readonly description: string
}

function required<T>(name: string, schema: TextSchema<T>, description: string) {
  return { name, schema, default: null, secret: false, description }
}

function withDefault<T>(name: string, text: string, schema: TextSchema<T>, description: string) {
  return { name, schema, default: text, secret: false, description }
}

/** A setting that may be left out; its value is `null` then. */
function optional<T>(name: string, schema: TextSchema<T>, description: string) {
  return { name, schema: orNull(schema), default: '', secret: false, description }
}

function secret<T extends SettingDefinition>(definition: T): T {
  return { ...definition, secret: true }
}

const connections = {
  tenantId: required(
    'TENANT_ID',
    guid,
    'Object id (GUID) of the Entra tenant whose mailboxes are read.',
  ),
  zivverApiKey: secret(
    required(
      'ZIVVER_API_KEY',
      headerSecret,
      'SCIM key of the Zivver organisation. Blanks around it are ignored. Best given as a Key Vault reference.',
    ),
  ),
  zivverApiUrl: withDefault(
    'ZIVVER_API_URL',
    'https://app.zivver.com/api/scim/v2',
    baseUrl,
    "Base URL of Zivver's SCIM API.",
  ),
  exchangeUrl: withDefault(
    'EXCHANGE_URL',
    'https://outlook.office365.com',
    baseUrl,
    'Exchange Online, for other clouds and local runs. The token audience follows it unless it is loopback.',
  ),
  graphUrl: withDefault(
    'GRAPH_URL',
    'https://graph.microsoft.com',
    baseUrl,
    'Microsoft Graph, for other clouds and local runs. The token audience follows it unless it is loopback.',
  ),
}

const scope = {
  includedDomains: required(
    'INCLUDED_DOMAINS',
    someOf(domain),
    'List: the claimed domains. Only mailboxes whose primary address is in one of them are synchronised.',
  ),
  sourceFilter: withDefault(
    'SOURCE_FILTER',
    '',
    listOf(guid),
    'List of object ids of Entra groups: only their direct members are synchronised. Empty = no filter.',
  ),
  nestedGroups: withDefault(
    'NESTED_GROUPS',
    'False',
    boolean,
    'Whether groups within groups are expanded, in the source filter and in delegations.',
  ),
  targetFilter: withDefault(
    'TARGET_FILTER',
    '',
    targetFilter,
    'List of addresses and domains in Zivver that are never changed, for example an administrator without a mailbox.',
  ),
}

const wish = {
  ssoAccountKey: required(
    'SSO_ACCOUNT_KEY',
    oneOf(['object_id', 'omit']),
    "`object_id`: the account's SSO key is the mailbox's identifier, right when the organisation's SSO claim is `user.objectid`; `omit`: it is never sent. A preview says on how many existing accounts a run would write a key.",
  ),
  actions: withDefault(
    'ACTIONS',
    actions.join(','),
    someOf(oneOf(actions)),
    'List: the actions this installation may take. Others are planned and shown as deferred.',
  ),
  reactivate: withDefault(
    'REACTIVATE',
    'ours',
    oneOf(['ours', 'all']),
    '`ours`: only accounts that Cloud Sync itself suspended are reactivated; `all`: every suspended account whose mailbox is in scope.',
  ),
  delegates: withDefault(
    'DELEGATES',
    'True',
    boolean,
    'Whether Full Access delegates are read and written. `False`: they stay as they are in Zivver.',
  ),
  userDelegationMaxAgeHours: withDefault(
    'USER_DELEGATION_MAX_AGE_HOURS',
    '0',
    number(0, 8760),
    'How many hours old a stored Full Access reading of a user mailbox may be. Shared mailboxes are read in every run.',
  ),
  writeIdentifiers: withDefault(
    'WRITE_IDENTIFIERS',
    'True',
    boolean,
    "Whether the mailbox's identifier is also kept in Zivver (`ExternalAccountId`). `False`: it is read for matching and sent back unchanged.",
  ),
  largeSyncPercent: withDefault(
    'LARGE_SYNC_PERCENT',
    '10',
    number(0, 100),
    'Limit of the large-change guard, in percent of all accounts in Zivver. 0 blocks every change.',
  ),
}

const runs = {
  performSync: withDefault(
    'PERFORM_SYNC',
    'False',
    boolean,
    'Whether scheduled runs write. `False`: scheduled runs are previews.',
  ),
  schedule: withDefault(
    'SCHEDULE',
    defaultSchedule,
    schedule,
    'When the scheduled run starts: NCRONTAB with seconds, in UTC. An invalid value falls back to the default and every tick fails as CONFIG_INVALID.',
  ),
  zivverRateLimit: withDefault(
    'ZIVVER_RATE_LIMIT',
    '50/10',
    rateLimit,
    'Requests/seconds: never more calls to Zivver, reads included, in any window of that length.',
  ),
  exchangeConcurrency: withDefault(
    'EXCHANGE_CONCURRENCY',
    '8',
    wholeNumber(1, 100),
    'Most Exchange cmdlets in flight, items of a batch counted one by one.',
  ),
  sliceSeconds: withDefault(
    'SLICE_SECONDS',
    '480',
    wholeNumber(1, 3600),
    'How long one invocation works at most; the run goes on in the next one. Keep it below `functionTimeout` of host.json.',
  ),
  leaseSeconds: withDefault(
    'LEASE_SECONDS',
    '60',
    wholeNumber(1, 3600),
    'A run whose lease has not moved for this long may be taken over.',
  ),
  retentionDays: withDefault(
    'RETENTION_DAYS',
    '180',
    wholeNumber(1, 3650),
    'Days after which runs, their changes, and rows of accounts that are gone from both sides are purged.',
  ),
}

const reporting = {
  logLevel: withDefault(
    'LOG_LEVEL',
    'INFO',
    oneOf(['DEBUG', 'INFO', 'WARNING', 'ERROR']),
    'Least level that is logged: `DEBUG`, `INFO`, `WARNING` or `ERROR`. At `DEBUG` the log is attached to the mail.',
  ),
  telemetry: withDefault(
    'TELEMETRY',
    'True',
    boolean,
    'Whether Cloud Sync exports OpenTelemetry traces and metrics of runs to `APPLICATIONINSIGHTS_CONNECTION_STRING` and `OTEL_EXPORTER_OTLP_ENDPOINT`, where set; without secrets or personal data.',
  ),
  language: withDefault(
    'LANGUAGE',
    'en',
    oneOf(['en', 'nl']),
    'Language of mail and report: `en` or `nl`.',
  ),
  timeZone: withDefault(
    'TIME_ZONE',
    'Europe/Amsterdam',
    timeZone,
    'IANA time zone in which mail and report show times, beside UTC.',
  ),
  emailEndpoint: optional(
    'EMAIL_ENDPOINT',
    baseUrl,
    'Endpoint of Azure Communication Services, used with the managed identity. Without it and without a connection string no mail is sent.',
  ),
  emailConnectionString: secret(
    optional(
      'EMAIL_CONNECTION_STRING',
      emailConnectionString,
      'Connection string of Azure Communication Services, instead of the endpoint.',
    ),
  ),
  emailSender: optional('EMAIL_SENDER', address, 'Sender address of the report mail.'),
  emailRecipients: withDefault(
    'EMAIL_RECIPIENTS',
    '',
    listOf(address),
    'List: recipients of the report mail.',
  ),
}

const updates = {
  updateFeed: optional(
    'UPDATE_FEED',
    baseUrl,
    'Address of the signed update feed. Empty = no self-update.',
  ),
  updatePublicKey: optional(
    'UPDATE_PUBLIC_KEY',
    plainText,
    'Public key that the update feed is signed with.',
  ),
}

/** The groups of `docs/settings.md`, in its order. */
export const settingGroups = {
  'What is connected': connections,
  'Which mailboxes and accounts': scope,
  'What is written': wish,
  'When and how runs go': runs,
  'Log, report and mail': reporting,
  'Self-update': updates,
} satisfies Record<string, Record<string, SettingDefinition>>

export const settingDefinitions = {
  ...connections,
  ...scope,
  ...wish,
  ...runs,
  ...reporting,
  ...updates,
}

export type SettingKey = keyof typeof settingDefinitions

/** The values of all settings, by key. */
export type SettingValues = {
  readonly [K in SettingKey]: (typeof settingDefinitions)[K]['schema'] extends TextSchema<infer T>
    ? T
    : never
}

/** The environment variable of a setting. */
export function variableOf(key: SettingKey): string {
  return settingPrefix + settingDefinitions[key].name
}

/** What the platform gives, or the operator for storage: documented here, parsed where it is used. */
export const platformSettings: readonly {
  readonly name: string
  readonly secret: boolean
  readonly description: string
}[] = [
  {
    name: 'AzureWebJobsStorage',
    secret: true,
    description:
      'Connection string of the storage account of tables and queues; or, with the managed identity, one of the next two.',
  },
  {
    name: 'AzureWebJobsStorage__accountName',
    secret: false,
    description: 'Name of the storage account, reached with the managed identity.',
  },
  {
    name: 'AzureWebJobsStorage__{blob,queue,table}ServiceUri',
    secret: false,
    description: 'Service addresses of the storage account, instead of its name.',
  },
  {
    name: 'IDENTITY_ENDPOINT',
    secret: false,
    description: 'Set by the platform: where the managed identity gives tokens.',
  },
  {
    name: 'IDENTITY_HEADER',
    secret: true,
    description: 'Set by the platform: the header of that endpoint.',
  },
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
    secret: true,
    description: 'Application Insights, where telemetry goes.',
  },
  {
    name: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    secret: false,
    description: 'An OpenTelemetry collector, where telemetry goes too.',
  },
  {
    name: 'languageWorkers__node__arguments',
    secret: false,
    description:
      'What Node.js is started with. The template sets limits of its memory that fit the instance (decision 0011).',
  },
  {
    name: 'MALLOC_ARENA_MAX',
    secret: false,
    description:
      'Of the C library: in how many pools memory outside of JavaScript is kept. The template sets 1 (decision 0011).',
  },
  {
    name: 'MALLOC_MMAP_THRESHOLD_',
    secret: false,
    description:
      'Of the C library: from how many bytes on a block outside of JavaScript goes back to the system as soon as it is free. The template sets 131072 (decision 0011).',
  },
]
