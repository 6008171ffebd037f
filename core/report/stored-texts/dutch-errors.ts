import type { ErrorCode } from '../../errors.ts'
import type { Pair } from './template.ts'

/** A write that Zivver refused; what Zivver said is quoted inside. */
const refusedWrites: readonly Pair[] = [
  [
    'Zivver answered {status} for {operation} (“{said}”): {remedy>}',
    'Zivver antwoordde {status} op {operation} (“{said}”): {remedy>}',
  ],
  [
    'Zivver answered {status} for {operation}: {remedy>}',
    'Zivver antwoordde {status} op {operation}: {remedy>}',
  ],
]

/** A call to Zivver without a usable answer. */
const unansweredCalls: readonly Pair[] = [
  [
    '{operation} was tried {times>} at Zivver without a usable answer; the last one: {last>}',
    '{operation} is {times>} geprobeerd bij Zivver, zonder bruikbaar antwoord; het laatste: {last>}',
  ],
]

/** A reading of Microsoft 365 that cannot be used. */
const incompleteReadings: readonly Pair[] = [
  [
    'Exchange Online: {call}: no usable answer in {tries>} (request id {request}): {detail>}',
    'Exchange Online: {call}: geen bruikbaar antwoord in {tries>} (aanvraag-id {request}): {detail>}',
  ],
  [
    'Microsoft Graph: {call}: no usable answer after {tries>} (request id {request}): {detail>}',
    'Microsoft Graph: {call}: geen bruikbaar antwoord na {tries>} (aanvraag-id {request}): {detail>}',
  ],
  ['Exchange Online: {call}: {detail>}', 'Exchange Online: {call}: {detail>}'],
  ['Microsoft Graph: {call}: {detail>}', 'Microsoft Graph: {call}: {detail>}'],
]

const refusedByGraph: Pair = [
  'Microsoft Graph refused {call} with {status} (request id {request})',
  'Microsoft Graph weigerde {call} met {status} (aanvraag-id {request})',
]

/** Every sentence that an error of a run or of a change is stored with, by its code. A test finds each of them in the source. */
export const dutchErrors: Readonly<Record<ErrorCode, readonly Pair[]>> = {
  // Names of settings, each with what is wrong about it.
  CONFIG_INVALID: [['{faults*}', '{faults*}']],
  SECRET_UNRESOLVED: [['{faults*}', '{faults*}']],
  IDENTITY_UNAVAILABLE: [
    [
      'The managed identity gave no token for {audience}. Switch the system-assigned identity of the Function App on (Identity, System assigned), give it its roles, and restart the app.',
      'De beheerde identiteit gaf geen token voor {audience}. Zet de door het systeem toegewezen identiteit van de Function App aan (Identiteit, Door het systeem toegewezen), geef haar de rollen en start de app opnieuw.',
    ],
    ['no token for {place>}', 'geen token voor {place>}'],
  ],
  EXCHANGE_UNAUTHORIZED: [
    [
      'Exchange Online refused {call} with 401, also with a new token (request id {request}). Give the managed identity the app role Exchange.ManageAsApp of Office 365 Exchange Online; a token may be cached for up to 24 h.',
      'Exchange Online weigerde {call} met 401, ook met een nieuw token (aanvraag-id {request}). Geef de beheerde identiteit de app-rol Exchange.ManageAsApp van Office 365 Exchange Online; een token kan tot 24 uur bewaard blijven.',
    ],
  ],
  EXCHANGE_FORBIDDEN: [
    [
      'Exchange Online refused {call} with 403 (request id {request}): app role or directory role missing, or token cached up to 24 h. The managed identity needs the app role Exchange.ManageAsApp and the Entra role Global Reader.',
      'Exchange Online weigerde {call} met 403 (aanvraag-id {request}): de app-rol of de Entra-rol ontbreekt, of er is nog een ouder token in gebruik (tot 24 uur). De beheerde identiteit heeft de app-rol Exchange.ManageAsApp en de Entra-rol Global Reader nodig.',
    ],
  ],
  GRAPH_UNAUTHORIZED: [
    [
      '{refusal>}, also with a new token. Check that the managed identity belongs to the tenant of TENANT_ID.',
      '{refusal>}, ook met een nieuw token. Controleer of de beheerde identiteit bij de tenant van TENANT_ID hoort.',
    ],
  ],
  GRAPH_FORBIDDEN: [
    [
      '{refusal>}. Grant the managed identity the Graph application permissions GroupMember.Read.All and User.Read.All, and Member.Read.Hidden where memberships are hidden; a token may be cached for up to 24 h.',
      '{refusal>}. Geef de beheerde identiteit de Graph-toepassingsmachtigingen GroupMember.Read.All en User.Read.All, en Member.Read.Hidden waar lidmaatschappen verborgen zijn; een token kan tot 24 uur bewaard blijven.',
    ],
  ],
  ZIVVER_UNAUTHORIZED: [
    [
      '{attempt} [401 Unauthorized]: Zivver does not accept the API key; make a new one in Zivver and set CLOUD_SYNC__ZIVVER_API_KEY',
      '“{attempt} [401 Unauthorized]”: Zivver aanvaardt de API-sleutel niet; maak een nieuwe in Zivver en stel CLOUD_SYNC__ZIVVER_API_KEY in',
    ],
  ],
  ZIVVER_FORBIDDEN: [
    [
      '{attempt} [403 Forbidden]: the API key lacks the right; it must be made by a full administrator of the Zivver organisation',
      '“{attempt} [403 Forbidden]”: de API-sleutel heeft dit recht niet; een volledige beheerder van de Zivver-organisatie moet de sleutel maken',
    ],
  ],
  SOURCE_INCOMPLETE: [
    [
      "Exchange's list of mailboxes is incomplete: mailbox {identifier} is linked to an account and missing from the list, but Get-Mailbox finds it",
      'De lijst van postvakken van Exchange is niet volledig: postvak {identifier} is aan een account gekoppeld en staat niet in de lijst, maar Get-Mailbox vindt het',
    ],
    [
      'Exchange gave no answer about the permissions of mailbox {identifier} in a batch of {count}',
      'Exchange gaf geen antwoord over de rechten van postvak {identifier} in een batch van {count}',
    ],
    ...incompleteReadings,
    refusedByGraph,
  ],
  SOURCE_EMPTY: [
    ['Exchange lists no mailbox at all', 'Exchange geeft geen enkel postvak'],
    [
      'Exchange Online listed no mailbox at all. That is taken for a missing right or a wrong tenant, never for an empty tenant.',
      'Exchange Online gaf geen enkel postvak. Dat geldt als een ontbrekend recht of een verkeerde tenant, nooit als een lege tenant.',
    ],
  ],
  SOURCE_UNREACHABLE: incompleteReadings,
  SOURCE_FILTER_UNREADABLE: [
    [
      'source filter group {group} cannot be read: {reason>}',
      'groep {group} van het bronfilter is niet te lezen: {reason>}',
    ],
    [
      'a group of the source filter cannot be read: {reason>}',
      'een groep van het bronfilter is niet te lezen: {reason>}',
    ],
  ],
  SOURCE_FILTER_EMPTY: [
    [
      'source filter group {group} has no members; a source filter never means "nobody"',
      'groep {group} van het bronfilter heeft geen leden; een bronfilter betekent nooit "niemand"',
    ],
  ],
  TARGET_INCOMPLETE: [
    [
      "Zivver's list of accounts is incomplete: account {id} is mapped and missing from the list, but Zivver finds it by its id",
      'De lijst van accounts van Zivver is niet volledig: account {id} is gekoppeld en staat niet in de lijst, maar Zivver vindt het op zijn id',
    ],
    [
      'The list of GET {endpoint} from Zivver {reason>}; nothing was written',
      'De lijst van GET {endpoint} van Zivver {reason>}; er is niets geschreven',
    ],
    [
      'The answer of Zivver to {operation} cannot be used: {fault}',
      'Het antwoord van Zivver op {operation} is niet te gebruiken: {fault}',
    ],
  ],
  TARGET_MISMATCH: [
    [
      'Zivver knows {found} of {mapped} mapped accounts, fewer than half: the API key may belong to another organisation. If the accounts are really gone, start a run with reset_account_mapping',
      'Zivver kent {found} van {mapped} gekoppelde accounts, minder dan de helft: de API-sleutel hoort misschien bij een andere organisatie. Zijn de accounts echt weg, start dan een run met reset_account_mapping',
    ],
  ],
  TARGET_UNREACHABLE: [
    [
      'Zivver left {count} writes in a row without an answer; the rest was not begun',
      'Zivver liet {count} schrijfopdrachten achter elkaar zonder antwoord; aan de rest is niet begonnen',
    ],
    ...unansweredCalls,
  ],
  STORAGE_UNAVAILABLE: [
    ['{place>} gave no answer ({code})', '{place>} gaf geen antwoord ({code})'],
    ['{place>} gave no answer', '{place>} gaf geen antwoord'],
    [
      `{place>} answered {status}: check the connection string, or the roles "Storage Table Data Contributor" and "Storage Queue Data Contributor" of the app's identity`,
      '{place>} antwoordde {status}: controleer de verbindingsreeks, of de rollen "Storage Table Data Contributor" en "Storage Queue Data Contributor" van de identiteit van de app',
    ],
    ['{place>} answered {status}', '{place>} antwoordde {status}'],
  ],
  STORED_ROW_INVALID: [
    [
      'table {table}, PartitionKey {partition}: a change of the stored plan is gone; cancel the run and start another',
      'tabel {table}, PartitionKey {partition}: een wijziging van het opgeslagen plan is weg; annuleer de run en start een andere',
    ],
    [
      'table {table}, PartitionKey {partition}, RowKey {row}, column {column}: {fault>}',
      'tabel {table}, PartitionKey {partition}, RowKey {row}, kolom {column}: {fault>}',
    ],
  ],
  SETTINGS_CHANGED: [
    [
      'settings or version changed while the run was under way; what was applied stays, the rest was not begun',
      'instellingen of versie zijn tijdens de run gewijzigd; wat is uitgevoerd, blijft; aan de rest is niet begonnen',
    ],
  ],
  APPROVAL_INVALID: [
    [
      'the approved run {run} has no plan any more',
      'de goedgekeurde run {run} heeft geen plan meer',
    ],
  ],
  RUN_POISONED: [
    [
      'the run failed every time it was taken up and was given up; see the log of executeRun',
      'de run mislukte telkens wanneer die werd opgepakt en is opgegeven; zie het logboek van executeRun',
    ],
  ],
  RUN_STALLED: [
    [
      'no reading and no change was made since {since}, and the run would wait {wait>}; a run is given up after {hours} hours like this',
      'sinds {since} is er niets gelezen en niets gewijzigd, en de run zou {wait>} moeten wachten; na {hours} uur wordt een run zo opgegeven',
    ],
    [
      'no reading and no change was made since {since}; a run is given up after {hours} hours like this',
      'sinds {since} is er niets gelezen en niets gewijzigd; na {hours} uur wordt een run zo opgegeven',
    ],
  ],
  // Nothing is stored with a cancelled run; a fault in the program speaks to those who mend it.
  CANCELLED: [],
  INTERNAL: [],
  ALIAS_IS_GUEST: refusedWrites,
  ALIAS_TAKEN: refusedWrites,
  ADDRESS_TAKEN: refusedWrites,
  ACCOUNT_OUTSIDE_ORGANIZATION: refusedWrites,
  ACCOUNT_UNKNOWN: [
    ['the account {address} has no SCIM id yet', 'het account {address} heeft nog geen SCIM-id'],
    ...refusedWrites,
  ],
  DIVISION_INVALID: refusedWrites,
  CREATE_UNCERTAIN: [
    [
      'it is uncertain whether {address} was created: {detail>}',
      'het is onzeker of {address} is aangemaakt: {detail>}',
    ],
    ...unansweredCalls,
  ],
  WRITE_REJECTED: [
    ['{fact>}; nothing was written', '{fact>}; er is niets geschreven'],
    ...refusedWrites,
    ...unansweredCalls,
  ],
  WRITE_NOT_CONFIRMED: [
    [
      'Zivver answered {status} for {operation} but shows other values than were written for {attributes}',
      'Zivver antwoordde {status} op {operation}, maar toont andere waarden dan geschreven zijn voor {attributes}',
    ],
    ...unansweredCalls,
  ],
  DEPENDENCY_FAILED: [
    [
      '{address} still belongs to {holder}, whose own change failed; nothing was sent, and the next run tries both again',
      '{address} hoort nog bij {holder}, waarvan de eigen wijziging is mislukt; er is niets verzonden, en de volgende run probeert beide opnieuw',
    ],
  ],
}
