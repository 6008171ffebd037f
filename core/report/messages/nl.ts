import type { Messages } from './catalogue.ts'
import { titlesNl } from './titles.ts'

const numbers = new Intl.NumberFormat('nl-NL', { maximumFractionDigits: 1 })
const n = (value: number): string => numbers.format(value)
const count = (value: number, one: string, many: string): string =>
  `${n(value)} ${value === 1 ? one : many}`
const changes = (value: number): string => count(value, 'wijziging', 'wijzigingen')
const accounts = (value: number): string => count(value, 'account', 'accounts')

const done = {
  create: 'aangemaakt',
  update: 'bijgewerkt',
  suspend: 'opgeschort',
  reactivate: 'geactiveerd',
  link: 'gekoppeld',
} as const

const infinitives = {
  create: 'aanmaken',
  update: 'bijwerken',
  suspend: 'opschorten',
  reactivate: 'activeren',
  link: 'koppelen',
} as const

const nouns = {
  create: ['nieuw account', 'nieuwe accounts'],
  update: ['update', 'updates'],
  suspend: ['opschorting', 'opschortingen'],
  reactivate: ['activering', 'activeringen'],
  link: ['koppeling', 'koppelingen'],
} as const

const phases = {
  reading: 'lezen',
  planning: 'plannen',
  applying: 'uitvoeren',
  reporting: 'rapporteren',
  done: 'klaar',
} as const

export const nl: Messages = {
  subject: {
    nothingToDo: (total) =>
      `niets te doen, ${accounts(total)} ${total === 1 ? 'klopt' : 'kloppen'}`,
    done: (value, action) => `${n(value)} ${done[action]}`,
    partial: (failed) => `${n(failed)} MISLUKT`,
    stillFailing: (repeated) => `${n(repeated)} nog steeds mislukt`,
    preview: (value) => `PREVIEW: ${changes(value)}, niets geschreven`,
    previewNothing: 'PREVIEW: niets te doen',
    previewOverLimit: (value) => `PREVIEW: ${changes(value)}, een sync zou GEBLOKKEERD worden`,
    blocked: (day) => (day > 1 ? `GEBLOKKEERD dag ${n(day)}` : 'GEBLOKKEERD'),
    would: (action, share) => {
      const verb = action === null ? 'wijzigen' : infinitives[action]
      return share.total === 0
        ? `zou er ${n(share.count)} ${verb}, Zivver heeft er nog geen`
        : `zou ${n(share.count)} van ${n(share.total)} ${verb}`
    },
    failed: (day) => (day > 1 ? `MISLUKT dag ${n(day)}` : 'MISLUKT'),
    cancelled: (applied, planned) =>
      planned === 0
        ? 'GEANNULEERD voordat er iets is geschreven'
        : `GEANNULEERD: ${n(applied)} van ${changes(planned)} uitgevoerd`,
    settingsChanged: (applied, planned) =>
      planned === 0
        ? 'GESTOPT: instellingen gewijzigd, niets geschreven'
        : `GESTOPT: instellingen gewijzigd, ${n(applied)} van ${changes(planned)} uitgevoerd`,
    withoutSuccess: (days) => `al ${count(days, 'dag', 'dagen')} niet geslaagd`,
    nothingApplied: 'niets uitgevoerd',
    deferred: (value) => `${n(value)} uitgesteld`,
    underWay: 'bezig',
  },
  headline: {
    nothingToDo: 'Alles klopt',
    done: (applied) => `${changes(applied)} uitgevoerd`,
    partial: ({ fresh, repeated }, applied) => {
      const failed = fresh > 0 ? `${changes(fresh)} mislukt, ` : ''
      const still = fresh > 0 ? n(repeated) : changes(repeated)
      return `${failed}${repeated > 0 ? `${still} nog steeds mislukt, ` : ''}${n(applied)} uitgevoerd`
    },
    preview: (value) => `Preview: ${changes(value)} te doen`,
    previewNothing: 'Preview: alles klopt',
    previewOverLimit: (value) => `Preview: ${changes(value)}, meer dan de grens`,
    blocked: (day) =>
      day > 1
        ? `Geblokkeerd, dag ${n(day)}: er is niets geschreven`
        : 'Geblokkeerd: er is niets geschreven',
    failed: (day) => (day > 1 ? `Mislukt, dag ${n(day)}` : 'Mislukt'),
    cancelled: 'Geannuleerd',
    settingsChanged: 'Gestopt: instellingen of versie gewijzigd',
    underWay: 'Bezig',
  },
  lead: {
    nothingToDo: (unchanged) =>
      `${accounts(unchanged)} in Zivver komen overeen met hun postvakken. Er hoefde niets geschreven te worden.`,
    done: 'Elke wijziging van deze run is uitgevoerd.',
    partial: 'De mislukte wijzigingen bleven zoals ze waren; alle andere zijn uitgevoerd.',
    preview:
      'Er is niets geschreven. Een sync met dit plan zou de wijzigingen hieronder doorvoeren.',
    previewNothing: 'Er is niets geschreven, en een sync zou niets te doen vinden.',
    previewOverLimit:
      'Er is niets geschreven. Een sync met dit plan zou door de bewaking van grote wijzigingen geblokkeerd worden.',
    blocked: 'Het plan wijzigt meer accounts dan de bewaking van grote wijzigingen toestaat.',
    failedBeforeWriting: (phase) =>
      `De run mislukte tijdens het ${phases[phase]}, voordat er iets in Zivver is geschreven.`,
    failedWhileWriting: (applied, planned) =>
      `De run mislukte na ${n(applied)} van ${changes(planned)}. Wat is uitgevoerd, blijft; de volgende run gaat daar verder.`,
    stopped: (applied, planned) =>
      `${n(applied)} van ${changes(planned)} zijn uitgevoerd en blijven. Aan de andere is niet begonnen.`,
    stoppedBeforeWriting: 'Er is niets in Zivver geschreven.',
    underWay: (phase) =>
      `De run is bezig met ${phases[phase]}. Deze pagina toont wat er nu bekend is.`,
    deferred: (value) =>
      `${changes(value)} uitgesteld: \`CLOUD_SYNC__ACTIONS\` staat ${value === 1 ? 'die' : 'ze'} niet toe, of het goedgekeurde plan had ${value === 1 ? 'die' : 'ze'} niet.`,
  },
  withoutSuccess: (since, days) =>
    `Sinds ${since} is geen run geslaagd: ${count(days, 'dag', 'dagen')}.`,
  limit: {
    share: (share, percent, limitPercent) =>
      `${n(share.count)} van ${accounts(share.total)} (${percent}) zouden wijzigen; de grens is ${n(limitPercent)} %.`,
    noAccounts: (value) =>
      `${accounts(value)} zouden wijzigen, en Zivver heeft er nog geen: een eerste sync vraagt altijd uw goedkeuring.`,
  },
  cause: {
    heading: 'Waarom',
    line: (action, share, reason) =>
      share.count === share.total
        ? `${n(share.count)} ${nouns[action][share.count === 1 ? 0 : 1]}: ${reason}`
        : `${n(share.count)} van ${n(share.total)} ${nouns[action][1]}: ${reason}`,
    rest: (value) => `${count(value, 'andere oorzaak', 'andere oorzaken')}: zie het rapport`,
    outOfScopeGrew: (reason, sizes, since) =>
      `Het aantal postvakken buiten het bereik (${reason}) steeg sinds ${since} van ${n(sizes.before)} naar ${n(sizes.now)}.`,
    notInGroup: (group, sizes, isCertain) =>
      `geen lid ${isCertain ? 'meer ' : ''}van filtergroep “${group}”, die van ${n(sizes.before)} naar ${n(sizes.now)} leden kromp`,
    groupShrank: (group, sizes, since) =>
      `Filtergroep “${group}” kromp sinds ${since} van ${n(sizes.before)} naar ${count(sizes.now, 'lid', 'leden')}.`,
    groupRemoved: (group, members, since) =>
      `Filtergroep “${group}” (${count(members, 'lid', 'leden')} op ${since}) staat niet meer in \`CLOUD_SYNC__SOURCE_FILTER\`.`,
    groupAdded: (group, members, since) =>
      `Filtergroep “${group}” (${count(members, 'lid', 'leden')}) staat sinds ${since} in \`CLOUD_SYNC__SOURCE_FILTER\`.`,
    filterIsNew: (since) => `Het bronfilter is nieuw: op ${since} was er nog geen.`,
    technical: 'Technische melding',
    original: 'Technische melding (Engels)',
  },
  steps: {
    heading: 'Wat te doen',
    approve: (runId) =>
      `Kloppen deze wijzigingen: open deze run in het dashboard en druk op **Approve**, of start een run met \`perform_sync=true\` en \`approve_run=${runId}\`. Precies deze wijzigingen worden uitgevoerd, en niets wat later kwam.`,
    allowLargeSync:
      'Eén run langs de bewaking laten, met wat die dan vindt: start die met `perform_sync=true` en `allow_large_sync=true`.',
    repairInstead:
      'Kloppen ze niet: herstel de oorzaak in Microsoft 365 of in de instellingen, en start een preview. Tot dan verandert er niets in Zivver, dus houden vertrokken medewerkers hun toegang.',
    firstSync:
      'Dit is de eerste sync van deze organisatie. Lees de bijgevoegde wijzigingen voordat u ze goedkeurt.',
    previewApprove: (runId) =>
      `Precies deze wijzigingen uitvoeren: open deze run in het dashboard en druk op **Approve**, of start een run met \`perform_sync=true\` en \`approve_run=${runId}\`.`,
    turnOnSchedule:
      'Geplande runs zijn previews zolang `CLOUD_SYNC__PERFORM_SYNC` op `False` staat. Zet die op `True` om ze te laten schrijven.',
    startAgain:
      'Start een nieuwe run wanneer u zover bent: druk op **Preview** of **Sync** in het dashboard.',
    retryByItself: 'De volgende geplande run probeert het vanzelf opnieuw.',
  },
  openRun: 'Open deze run in het dashboard',
  counts: {
    heading: 'Aantallen',
    action: 'Actie',
    planned: 'Gepland',
    applied: 'Uitgevoerd',
    failed: 'Mislukt',
    deferred: 'Uitgesteld',
    open: 'Niet begonnen',
    unchanged: 'Klopten al',
    skipped: 'Overgeslagen wegens een conflict',
    unmanaged: 'Niet beheerd',
    changed: 'Accounts die wijzigen',
    total: 'Accounts in Zivver',
    outOfScope: 'Postvakken buiten het bereik',
    mailboxTypes: 'Postvakken',
    ssoKeys: (value) =>
      `Dit plan schrijft de SSO-accountsleutel op ${count(value, 'bestaand account', 'bestaande accounts')}. Is de SSO-claim in Zivver \`user.objectid\`? Zo niet, zet dan eerst \`CLOUD_SYNC__SSO_ACCOUNT_KEY\` op \`omit\`.`,
  },
  leavers: {
    heading: (value) => `Kan nog inloggen (${n(value)})`,
    lead: 'Het postvak is een gedeeld postvak geworden, maar het Zivver-gebruikersaccount is actief: wie de inlog heeft, kan het nog gebruiken. Schort het op in Zivver, of wijzig het type in functioneel.',
  },
  withoutMailbox: {
    heading: (value) => `Opschortingen zonder postvak (${n(value)})`,
    lead: 'Geen postvak van de tenant heeft deze adressen, en de accounts zijn nooit aan een postvak gekoppeld. Een account dat moet blijven, hoort in `CLOUD_SYNC__TARGET_FILTER`.',
  },
  failures: {
    heading: (value) => `Mislukte wijzigingen (${n(value)})`,
  },
  warnings: {
    heading: (value) => `Waarschuwingen (${n(value)})`,
    remedy: 'Wat te doen',
  },
  changes: {
    heading: 'Wijzigingen',
    firstOf: (shown, total) => `De eerste ${n(shown)} van ${n(total)}.`,
    before: 'voor',
    after: 'na',
    reason: 'omdat',
    none: 'niets',
    yes: 'ja',
    no: 'nee',
    more: (value) => `en nog ${n(value)}`,
    attached: 'Alle wijzigingen zijn bijgevoegd als `changes.csv` en staan in het rapport.',
  },
  run: {
    heading: 'Over deze run',
    id: 'Run',
    mode: 'Soort',
    preview: 'Preview',
    sync: 'Sync',
    trigger: 'Aanleiding',
    schedule: 'schema',
    manual: 'handmatig',
    flags: 'Vlaggen',
    started: 'Begonnen',
    finished: 'Geëindigd',
    duration: 'Duur',
    work: (duration, slices) =>
      slices > 1 ? `${duration} werk in ${n(slices)} aanroepen` : `${duration} werk`,
    calls: 'Verzoeken',
    callsOf: (exchange, graph, zivver) => `Exchange ${exchange}, Graph ${graph}, Zivver ${zivver}`,
    cost: 'Geschatte kosten',
    costOf: (amount, gigabyteSeconds, slices) =>
      `${amount} tegen lijstprijs, voor aftrek van het gratis tegoed (${gigabyteSeconds} GB-s, ${count(slices, 'aanroep', 'aanroepen')}, één mail)`,
    version: 'Versie',
    next: 'Volgende geplande run',
    nextIs: (kind, moments) =>
      `${kind === 'sync' ? 'Sync' : 'Preview'}: ${moments.join('; daarna ')}`,
    status: 'Uitkomst',
    email: 'Mail',
  },
  attachments: {
    heading: 'Bijgevoegd',
    changes: 'alle wijzigingen, voor Excel',
    report: 'het rapport: pak het uit en open het in een browser, het werkt offline',
    debug: 'het logboek van deze run',
    cutRows: (kept, total) =>
      `alleen de eerste ${n(kept)} van ${n(total)} wijzigingen, zodat de mail klein blijft; het dashboard heeft ze alle`,
    cutLog: (kept, total) => `alleen de laatste ${kept} van ${total}, zodat de mail klein blijft`,
  },
  footer:
    'Cloud Sync houdt Zivver-accounts gelijk aan de postvakken in Exchange Online. Het verwijdert nooit een account.',
  page: {
    title: 'Cloud Sync-rapport',
    chart: 'Wijzigingen per actie',
    history: 'Eerdere runs, oudste eerst: uitgevoerde wijzigingen per run, deze als laatste',
    historyEmpty: 'Er zijn geen eerdere runs.',
    groups: 'Per actie, soort en oorzaak',
    group: 'Alleen deze wijzigingen tonen',
    count: 'Wijzigingen',
    find: 'Zoek een adres of een naam',
    findHint: 'deel van een adres, een naam of een id',
    all: 'alle',
    kind: 'Soort',
    cause: 'Oorzaak',
    status: 'Status',
    reset: 'Alles tonen',
    matches: '{count} van {total} wijzigingen',
    range: '{from} tot en met {to}',
    previous: 'Vorige',
    next: 'Volgende',
    field: 'Veld',
    identifier: 'Postvak (ExternalDirectoryObjectId)',
    scimId: 'Account (SCIM-id)',
    error: 'Fout',
    noMatch: 'Geen wijziging past.',
    noChanges: 'Er zijn geen wijzigingen in deze run.',
    noScript:
      'De lijst van wijzigingen heeft het script in dit bestand nodig. Open het in een browser die dat mag uitvoeren; changes.csv bevat dezelfde lijst.',
    print: 'Een afdruk toont de rijen die op het scherm staan.',
    cut: 'Dit bestand bevat alleen de eerste {kept} van {total} wijzigingen. Het dashboard heeft ze alle.',
    more: 'en nog {count}',
  },
  actions: {
    create: 'Aanmaken',
    update: 'Bijwerken',
    suspend: 'Opschorten',
    reactivate: 'Activeren',
    link: 'Koppelen',
  },
  kinds: { user: 'Gebruikersaccount', functional: 'Functioneel account' },
  changeStatuses: {
    planned: 'gepland',
    applied: 'uitgevoerd',
    failed: 'mislukt',
    deferred: 'uitgesteld',
  },
  runStatuses: {
    queued: 'In de wachtrij',
    running: 'Bezig',
    succeeded: 'Geslaagd',
    completed_with_errors: 'Klaar met fouten',
    blocked: 'Geblokkeerd',
    failed: 'Mislukt',
    cancelled: 'Geannuleerd',
  },
  phases,
  fields: {
    userName: 'Adres',
    externalId: 'Adres',
    'name.formatted': 'Naam',
    displayName: 'Naam',
    aliases: 'Aliassen',
    delegates: 'Gemachtigden',
    active: 'Actief',
    ExternalAccountId: 'Identificatie',
    SsoAccountKey: 'SSO-sleutel',
  },
  reasons: {
    new_mailbox: 'een postvak zonder account',
    differs: 'het postvak verschilt van het account',
    back_in_scope: 'het postvak valt weer binnen het bereik',
    adopted_by_identifier: 'bestaand account overgenomen, op identificatie',
    adopted_by_address: 'bestaand account overgenomen, op adres',
    adopted_by_former_address: 'bestaand account overgenomen, op een vroeger adres',
    mailbox_made_again: 'het postvak is opnieuw gemaakt',
    relinked: 'naar een ander postvak overgegaan, zoals `relink` vraagt',
    row_outdated: 'de opgeslagen koppeling was verouderd',
    no_mailbox: 'het postvak bestaat niet',
    mailbox_type: 'het postvak is van een soort die niet wordt gesynchroniseerd',
    no_identifier: 'het postvak heeft geen identificatie',
    mailbox_disabled: 'het account van het postvak is uitgeschakeld',
    domain_not_included: 'het domein hoort niet bij de opgenomen domeinen',
    not_in_source_filter: 'geen lid van de groepen van het bronfilter',
  },
  scope: {
    mailbox_type: 'soort niet gesynchroniseerd',
    no_identifier: 'geen identificatie',
    mailbox_disabled: 'account uitgeschakeld',
    domain_not_included: 'domein niet opgenomen',
    not_in_source_filter: 'niet in het bronfilter',
  },
  titles: titlesNl,
}
