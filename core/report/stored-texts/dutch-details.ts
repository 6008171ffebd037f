import type { Pair } from './template.ts'

const trustees: readonly Pair[] = [
  ['{item>} and {count} more', '{item>} en nog {count}'],
  ['{name} (the mailbox itself)', '{name} (het postvak zelf)'],
  ['{name} (deleted, only its SID is left)', '{name} (verwijderd, alleen de SID is over)'],
  ['{name} (has no user mailbox)', '{name} (heeft geen gebruikerspostvak)'],
  ['{name} (cannot log in)', '{name} (kan niet inloggen)'],
  ['{name} (its mailbox is not in scope)', '{name} (het postvak valt buiten het bereik)'],
  ['{name} (not found)', '{name} (niet gevonden)'],
]

const unknownDelegates: readonly Pair[] = [
  ['its permissions could not be read: {reason>}', 'de rechten waren niet te lezen: {reason>}'],
  ['members of {group}: {reason>}', 'leden van {group}: {reason>}'],
  [
    '{name} is the name of more than one mailbox or group',
    '{name} is de naam van meer dan één postvak of groep',
  ],
  ['{name} was not looked up', '{name} is niet opgezocht'],
  [
    '{name}: its members cannot be read: a {type} is not in Graph',
    '{name}: de leden zijn niet te lezen: een {type} staat niet in Graph',
  ],
  [
    '{name}: its mailbox is not in the mailbox list yet',
    '{name}: het postvak staat nog niet in de lijst van postvakken',
  ],
  ['{name}: {count} recipients have this name', '{name}: {count} ontvangers hebben deze naam'],
  ['{name}: the recipient has no type', '{name}: de ontvanger heeft geen soort'],
  ['the mailbox no longer exists ({detail})', 'het postvak bestaat niet meer ({detail})'],
  [
    'Exchange Online finds several mailboxes for its ExchangeGuid ({detail})',
    'Exchange Online vindt meerdere postvakken bij de ExchangeGuid ({detail})',
  ],
  [
    'its permissions fill several pages and Exchange Online lost the thread ({detail})',
    'de rechten beslaan meerdere pagina’s en Exchange Online raakte de draad kwijt ({detail})',
  ],
  [
    'Exchange Online refused to read its permissions ({detail})',
    'Exchange Online weigerde de rechten te lezen ({detail})',
  ],
]

const groups: readonly Pair[] = [
  ['group {group} inside: {reason>}', 'groep {group} daarbinnen: {reason>}'],
  [
    'Graph knows no such group. A dynamic distribution group is not in Graph and cannot be a source filter: use a Microsoft 365, security, mail-enabled security or distribution group',
    'Graph kent deze groep niet. Een dynamische distributiegroep staat niet in Graph en kan geen bronfilter zijn: gebruik een Microsoft 365-groep, een beveiligingsgroep (met of zonder e-mail) of een distributiegroep',
  ],
  ['the group does not exist any more', 'de groep bestaat niet meer'],
  [
    'its membership is hidden and it looks empty: grant the permission Member.Read.Hidden',
    'het lidmaatschap is verborgen en de groep lijkt leeg: geef het recht Member.Read.Hidden',
  ],
  ['it was not read', 'de groep is niet gelezen'],
  [
    '{refusal>}. Grant the managed identity the Graph application permissions GroupMember.Read.All and User.Read.All, and Member.Read.Hidden where memberships are hidden; a token may be cached for up to 24 h.',
    '{refusal>}. Geef de beheerde identiteit de Graph-toepassingsmachtigingen GroupMember.Read.All en User.Read.All, en Member.Read.Hidden waar lidmaatschappen verborgen zijn; een token kan tot 24 uur bewaard blijven.',
  ],
  [
    'Microsoft Graph refused {call} with {status} (request id {request})',
    'Microsoft Graph weigerde {call} met {status} (aanvraag-id {request})',
  ],
  [
    'Microsoft Graph hides the properties of group {group}',
    'Microsoft Graph verbergt de eigenschappen van groep {group}',
  ],
]

const readings: readonly Pair[] = [
  [
    'the pages do not end; nothing new came for a long time',
    'de pagina’s houden niet op; er kwam lang niets nieuws',
  ],
  [
    'the answer is truncated and offers no next page',
    'het antwoord is afgekapt en biedt geen volgende pagina',
  ],
  [
    'the next page is on a host that is not allowed; nothing was sent there',
    'de volgende pagina staat op een host die niet is toegestaan; er is niets naartoe gestuurd',
  ],
  ['the next page is one that was read before', 'de volgende pagina is er een die al gelezen is'],
  [
    'it is unclear whether the mailbox exists: {detail}',
    'het is onduidelijk of het postvak bestaat: {detail}',
  ],
  [
    '{count} mailboxes that an interrupted listing showed are missing from the next one (first: {mailbox})',
    '{count} postvakken die een onderbroken lijst toonde, ontbreken in de volgende (de eerste: {mailbox})',
  ],
  ['{name} has no usable {column}', '{name} heeft geen bruikbare {column}'],
  [
    'paging is refused, and too many mailboxes were created in one second to list them otherwise',
    'bladeren is geweigerd, en er zijn in één seconde te veel postvakken gemaakt om ze anders te lezen',
  ],
  [
    'the answer holds mailboxes that were not asked for',
    'het antwoord bevat postvakken waar niet om gevraagd is',
  ],
  ['the answer is no directory object', 'het antwoord is geen object uit de adreslijst'],
  ['a member has no id or no type', 'een lid heeft geen id of geen soort'],
  ['the answer is no group', 'het antwoord is geen groep'],
  ['the answer is no page of a collection', 'het antwoord is geen pagina van een verzameling'],
  [
    '{count} objects came, Graph states {total}',
    'er kwamen {count} objecten, Graph noemt er {total}',
  ],
  [
    '{status} after {tries>} (request id {request})',
    '{status} na {tries>} (aanvraag-id {request})',
  ],
  ['1 try', '1 poging'],
  ['{count} tries', '{count} pogingen'],
]

const calls: readonly Pair[] = [
  [
    '{call} gave no complete answer within {seconds} s',
    '{call} gaf binnen {seconds} s geen volledig antwoord',
  ],
  [
    '{call} was redirected to {host}, which is not an allowed host; nothing was sent there',
    '{call} is doorgestuurd naar {host}, een host die niet is toegestaan; er is niets naartoe gestuurd',
  ],
  ['{call} was redirected more than {count} times', '{call} is meer dan {count} keer doorgestuurd'],
  ['{call} answered more than {count} bytes', '{call} antwoordde met meer dan {count} bytes'],
  ['{call} failed: {detail}', '{call} mislukte: {detail}'],
  [
    '{operation} was tried {times>} at Zivver without a usable answer; the last one: {last>}',
    '{operation} is {times>} geprobeerd bij Zivver, zonder bruikbaar antwoord; het laatste: {last>}',
  ],
  ['once', 'één keer'],
  ['{count} times', '{count} keer'],
  [
    'Zivver answered {status} for {operation} without the id of the new account',
    'Zivver antwoordde {status} op {operation} zonder het id van het nieuwe account',
  ],
  [
    'an account with this address exists, with another identifier',
    'er bestaat een account met dit adres, met een andere identificatie',
  ],
]

const waits: readonly Pair[] = [
  ['{seconds} s for {what>}', '{seconds} s op {what>}'],
  ["Zivver's rate limit", 'de snelheidslimiet van Zivver'],
  ["Microsoft Graph's throttling", 'de begrenzing van Microsoft Graph'],
  ["Exchange Online's throttling", 'de begrenzing van Exchange Online'],
  ['Microsoft Graph to answer again', 'een nieuw antwoord van Microsoft Graph'],
  ['Exchange Online to answer again', 'een nieuw antwoord van Exchange Online'],
]

const lists: readonly Pair[] = [
  ['stops after {count} of {total}', 'stopt na {count} van {total}'],
  [
    'holds {count}, more than its totalResults of {total}',
    'bevat er {count}, meer dan de eigen totalResults van {total}',
  ],
  [
    'has an unreadable row (number {place}: {fault})',
    'heeft een onleesbare rij (nummer {place}: {fault})',
  ],
  [
    'changed while it was read: totalResults {before} became {after}',
    'veranderde tijdens het lezen: totalResults {before} werd {after}',
  ],
  ['has two different rows with id {id}', 'heeft twee verschillende rijen met id {id}'],
]

const addresses: readonly Pair[] = [
  ['the address', 'het adres'],
  ['an alias', 'een alias'],
  ['it is a guest', 'het is een gast'],
  ['another account has it', 'een ander account heeft die'],
]

/** What to do about a refused write, as the adapter for Zivver says it. */
const writes: readonly Pair[] = [
  [
    'the alias already receives Zivver mail as a guest account: merge that guest account',
    'de alias ontvangt al Zivver-mail als gastaccount: voeg dat gastaccount samen',
  ],
  [
    'the alias belongs to another Zivver account: merge it or remove the alias there',
    'de alias hoort bij een ander Zivver-account: voeg dat samen of verwijder de alias daar',
  ],
  [
    'adopt the account into the organisation, or change its type where that differs',
    'neem het account op in de organisatie, of wijzig het type waar dat verschilt',
  ],
  [
    'the account is gone from Zivver; the next run reads the accounts again',
    'het account is weg uit Zivver; de volgende run leest de accounts opnieuw',
  ],
  [
    "create the organisational unit in Zivver or correct the account's unit there",
    'maak de organisatie-eenheid aan in Zivver, of verbeter daar de eenheid van het account',
  ],
  [
    'another Zivver account has this address, possibly as an alias: free the address there',
    'een ander Zivver-account heeft dit adres, misschien als alias: maak het adres daar vrij',
  ],
  [
    'nothing was written; correct the account or list it in the target filter',
    'er is niets geschreven; verbeter het account of zet het in het doelfilter',
  ],
  [
    'one of its delegates is gone from Zivver; the next run reads the accounts again',
    'een van de gemachtigden is weg uit Zivver; de volgende run leest de accounts opnieuw',
  ],
]

const settings: readonly Pair[] = [
  ['{name} is required and is not set', '{name} is verplicht en niet ingevuld'],
  ['{name} is required when mail is sent', '{name} is verplicht als er mail wordt verstuurd'],
  ['{name} is required with {other}', '{name} is verplicht bij {other}'],
  [
    '{name} is a Key Vault reference that was not resolved: check the secret, and that the identity may read it',
    '{name} is een Key Vault-verwijzing die niet is omgezet: controleer het geheim, en of de identiteit het mag lezen',
  ],
  [
    '{name} is not a setting; the nearest name is {nearest}',
    '{name} is geen instelling; de naam die er het meest op lijkt is {nearest}',
  ],
  ['{name} must be True or False', '{name} moet True of False zijn'],
  ['{name} must be one of {words}', '{name} moet een van deze zijn: {words}'],
  [
    '{name} must be a whole number from {min} to {max}',
    '{name} moet een geheel getal van {min} tot en met {max} zijn',
  ],
  [
    '{name} must be a number from {min} to {max}',
    '{name} moet een getal van {min} tot en met {max} zijn',
  ],
  [
    '{name} must be requests/seconds, as in 50/10',
    '{name} moet verzoeken/seconden zijn, zoals 50/10',
  ],
  ['{name} must be a https:// address', '{name} moet een https://-adres zijn'],
  [
    '{name} must begin with https://; plain http is accepted for this machine (loopback) only',
    '{name} moet met https:// beginnen; gewoon http mag alleen op deze machine zelf (loopback)',
  ],
  [
    '{name} must have six fields, seconds first, as in {example}',
    '{name} moet zes velden hebben, seconden eerst, zoals {example}',
  ],
  [
    '{name} has a wrong {field>} field: only numbers {range} and the signs * , - / are known',
    '{name} heeft een fout veld voor {field>}: alleen getallen {range} en de tekens * , - / zijn bekend',
  ],
  ['second', 'seconden'],
  ['minute', 'minuten'],
  ['hour', 'uren'],
  ['day', 'dagen van de maand'],
  ['month', 'maanden'],
  ['day of the week', 'dagen van de week'],
  ['{name} names a day that never comes', '{name} noemt een dag die nooit komt'],
  [
    '{name} item {item} must be an email address, as in anna@contoso.example',
    '{name} item {item} moet een e-mailadres zijn, zoals anna@contoso.example',
  ],
  [
    '{name} item {item} must be an address or a domain name',
    '{name} item {item} moet een adres of een domeinnaam zijn',
  ],
  [
    '{name} must be an email address, as in anna@contoso.example',
    '{name} moet een e-mailadres zijn, zoals anna@contoso.example',
  ],
  [
    '{name} holds a blank, a line break or a letter outside ASCII: copy the key again',
    '{name} bevat een spatie, een regeleinde of een teken buiten ASCII: kopieer de sleutel opnieuw',
  ],
  [
    '{name} must be an address without user name, query or fragment',
    '{name} moet een adres zonder gebruikersnaam, query of fragment zijn',
  ],
  [
    '{name} is not a connection string of a storage account',
    '{name} is geen verbindingsreeks van een opslagaccount',
  ],
  [
    '{name} must be an IANA time zone, as in Europe/Amsterdam',
    '{name} moet een IANA-tijdzone zijn, zoals Europe/Amsterdam',
  ],
]

const reasons: readonly Pair[] = [
  ['create', 'aanmaken'],
  ['update', 'bijwerken'],
  ['suspend', 'opschorten'],
  ['reactivate', 'activeren'],
  ['link', 'koppelen'],
  ['mailbox_type', 'soort niet gesynchroniseerd'],
  ['no_identifier', 'geen identificatie'],
  ['mailbox_disabled', 'account uitgeschakeld'],
  ['domain_not_included', 'domein niet opgenomen'],
  ['not_in_source_filter', 'niet in het bronfilter'],
  ['{name}, gone', '{name}, verdwenen'],
  ['of another tenant', 'van een andere tenant'],
  ['account', 'bestaand account'],
  ['accounts', 'bestaande accounts'],
]

const places: readonly Pair[] = [
  ['table {name}', 'tabel {name}'],
  ['queue {name}', 'wachtrij {name}'],
]

/** What stands inside the sentences of warnings and errors; the longer ones first. */
export const dutchDetails: readonly Pair[] = [
  ...groups,
  ...calls,
  ...readings,
  ...unknownDelegates,
  ...waits,
  ...lists,
  ...addresses,
  ...writes,
  ...settings,
  ...trustees,
  ...reasons,
  ...places,
]
