import type { ErrorCode, WarningCode } from '../errors.ts'

/** A sentence in both languages of the mail and the report. */
export interface Remedy {
  readonly en: string
  readonly nl: string
}

/**
 * What to do about each code of `core/errors.ts`: the one source for the mail, the report, the dashboard, the health
 * checks, the OpenAPI document and `docs/`. Names of settings, flags and rights stay as they are in every language.
 */
export const remedies: Readonly<Record<ErrorCode | WarningCode, Remedy>> = {
  CONFIG_INVALID: {
    en: 'Correct the settings that are named, in the Function App under Environment variables; `/api/health` checks them at once.',
    nl: 'Verbeter de genoemde instellingen, in de Function App onder Omgevingsvariabelen; `/api/health` controleert ze meteen.',
  },
  SECRET_UNRESOLVED: {
    en: "The Key Vault reference could not be resolved: give the app's managed identity the role Key Vault Secrets User, and check the name of the vault and of the secret.",
    nl: 'De Key Vault-verwijzing is niet om te zetten: geef de beheerde identiteit van de app de rol Key Vault Secrets User, en controleer de naam van de kluis en van het geheim.',
  },
  IDENTITY_UNAVAILABLE: {
    en: 'Switch the system-assigned managed identity of the Function App on (Settings > Identity), wait a few minutes and start a preview.',
    nl: 'Zet de door het systeem toegewezen beheerde identiteit van de Function App aan (Instellingen > Identiteit), wacht enkele minuten en start een preview.',
  },
  EXCHANGE_UNAUTHORIZED: {
    en: 'Exchange Online refused the token: check CLOUD_SYNC__TENANT_ID, and that the managed identity has the app role Exchange.ManageAsApp. A new right needs up to an hour to work.',
    nl: 'Exchange Online weigerde het token: controleer CLOUD_SYNC__TENANT_ID, en of de beheerde identiteit de app-rol Exchange.ManageAsApp heeft. Een nieuw recht werkt soms pas na een uur.',
  },
  EXCHANGE_FORBIDDEN: {
    en: 'Give the managed identity the Entra role Global Reader (or a custom Exchange role that may run Get-Mailbox, Get-MailboxPermission and Get-Recipient), wait up to an hour and start a preview.',
    nl: 'Geef de beheerde identiteit de Entra-rol Global Reader (of een eigen Exchange-rol die Get-Mailbox, Get-MailboxPermission en Get-Recipient mag uitvoeren), wacht hooguit een uur en start een preview.',
  },
  GRAPH_UNAUTHORIZED: {
    en: 'Microsoft Graph refused the token: check CLOUD_SYNC__TENANT_ID and that the managed identity belongs to that tenant.',
    nl: 'Microsoft Graph weigerde het token: controleer CLOUD_SYNC__TENANT_ID en of de beheerde identiteit bij die tenant hoort.',
  },
  GRAPH_FORBIDDEN: {
    en: 'Give the managed identity the Graph rights GroupMember.Read.All, User.Read.All and, for groups with hidden members, Member.Read.Hidden, with admin consent.',
    nl: 'Geef de beheerde identiteit de Graph-rechten GroupMember.Read.All, User.Read.All en, voor groepen met verborgen leden, Member.Read.Hidden, met beheerderstoestemming.',
  },
  ZIVVER_UNAUTHORIZED: {
    en: 'Zivver refused the API key: make a new one in Zivver (Organization settings > Integrations > API keys) and store it in CLOUD_SYNC__ZIVVER_API_KEY.',
    nl: 'Zivver weigerde de API-sleutel: maak een nieuwe in Zivver (Organisatie-instellingen > Integraties > API-sleutels) en sla die op in CLOUD_SYNC__ZIVVER_API_KEY.',
  },
  ZIVVER_FORBIDDEN: {
    en: 'The API key may not do this: have a full administrator of the Zivver organisation make a new key, and store it in CLOUD_SYNC__ZIVVER_API_KEY.',
    nl: 'De API-sleutel mag dit niet: laat een volledige beheerder van de Zivver-organisatie een nieuwe sleutel maken, en sla die op in CLOUD_SYNC__ZIVVER_API_KEY.',
  },
  SOURCE_INCOMPLETE: {
    en: 'Microsoft 365 did not give a complete list, so nothing was written. Start a preview; when this comes back, look at the service health of Exchange Online and set CLOUD_SYNC__LOG_LEVEL to DEBUG.',
    nl: 'Microsoft 365 gaf geen volledige lijst, dus er is niets geschreven. Start een preview; komt dit terug, bekijk dan de servicestatus van Exchange Online en zet CLOUD_SYNC__LOG_LEVEL op DEBUG.',
  },
  SOURCE_EMPTY: {
    en: 'Exchange Online listed no mailbox at all: check CLOUD_SYNC__TENANT_ID and the Exchange rights of the managed identity.',
    nl: 'Exchange Online gaf geen enkel postvak: controleer CLOUD_SYNC__TENANT_ID en de Exchange-rechten van de beheerde identiteit.',
  },
  SOURCE_UNREACHABLE: {
    en: 'Microsoft 365 could not be reached or did not answer in time. The next run tries again; when this stays, look at the service health and at the outbound network rules of the Function App.',
    nl: 'Microsoft 365 was niet bereikbaar of antwoordde niet op tijd. De volgende run probeert het opnieuw; blijft dit zo, bekijk dan de servicestatus en de uitgaande netwerkregels van de Function App.',
  },
  SOURCE_FILTER_UNREADABLE: {
    en: 'Check that each object id in CLOUD_SYNC__SOURCE_FILTER is a group of this tenant (a dynamic distribution group is not in Entra and cannot be used) and that the Graph rights were given.',
    nl: 'Controleer of elk object-id in CLOUD_SYNC__SOURCE_FILTER een groep van deze tenant is (een dynamische distributiegroep staat niet in Entra en kan niet) en of de Graph-rechten zijn gegeven.',
  },
  SOURCE_FILTER_EMPTY: {
    en: 'A group of the source filter has no members. Put members into it, or take it out of CLOUD_SYNC__SOURCE_FILTER; an empty group is never read as "nobody".',
    nl: 'Een groep van het bronfilter heeft geen leden. Zet er leden in, of haal de groep uit CLOUD_SYNC__SOURCE_FILTER; een lege groep wordt nooit gelezen als "niemand".',
  },
  TARGET_INCOMPLETE: {
    en: 'Zivver did not give a complete list of accounts, so nothing was written. The next run tries again; when this stays, contact Zivver Support with the time of this run.',
    nl: 'Zivver gaf geen volledige lijst van accounts, dus er is niets geschreven. De volgende run probeert het opnieuw; blijft dit zo, neem dan contact op met Zivver Support en noem het tijdstip van deze run.',
  },
  TARGET_MISMATCH: {
    en: 'Fewer than half of the linked accounts were found: the API key probably belongs to another Zivver organisation. Check CLOUD_SYNC__ZIVVER_API_KEY and CLOUD_SYNC__ZIVVER_API_URL; after an intended move, start a sync with `reset_account_mapping`.',
    nl: 'Minder dan de helft van de gekoppelde accounts is gevonden: de API-sleutel hoort waarschijnlijk bij een andere Zivver-organisatie. Controleer CLOUD_SYNC__ZIVVER_API_KEY en CLOUD_SYNC__ZIVVER_API_URL; start na een bedoelde verhuizing een sync met `reset_account_mapping`.',
  },
  TARGET_UNREACHABLE: {
    en: 'Zivver could not be reached or did not answer in time. The next run tries again; when this stays, look at the status page of Zivver and at the outbound network rules of the Function App.',
    nl: 'Zivver was niet bereikbaar of antwoordde niet op tijd. De volgende run probeert het opnieuw; blijft dit zo, bekijk dan de statuspagina van Zivver en de uitgaande netwerkregels van de Function App.',
  },
  STORAGE_UNAVAILABLE: {
    en: 'The storage account could not be used: check AzureWebJobsStorage, its network rules, and that the managed identity has the roles Storage Table Data Contributor and Storage Queue Data Contributor.',
    nl: 'Het opslagaccount is niet te gebruiken: controleer AzureWebJobsStorage, de netwerkregels ervan, en of de beheerde identiteit de rollen Storage Table Data Contributor en Storage Queue Data Contributor heeft.',
  },
  STORED_ROW_INVALID: {
    en: 'A stored row of this run cannot be read, perhaps because it was edited by hand. Start a new run: it plans afresh.',
    nl: 'Een opgeslagen rij van deze run is niet te lezen, misschien omdat die met de hand is gewijzigd. Start een nieuwe run: die plant opnieuw.',
  },
  SETTINGS_CHANGED: {
    en: 'Settings or the version changed while the run was under way, so it stopped. Start a new run: it plans with what holds now.',
    nl: 'Instellingen of de versie zijn tijdens de run gewijzigd, dus die is gestopt. Start een nieuwe run: die plant met wat nu geldt.',
  },
  APPROVAL_INVALID: {
    en: 'The run that was to be approved has no plan any more. Start a preview, read it, and approve that one.',
    nl: 'De run die goedgekeurd moest worden, heeft geen plan meer. Start een preview, lees die, en keur die goed.',
  },
  RUN_POISONED: {
    en: 'The run failed each time it was taken up and was given up. Read the log of the function executeRun, then start a preview.',
    nl: 'De run mislukte telkens wanneer die werd opgepakt en is opgegeven. Lees het logboek van de functie executeRun en start dan een preview.',
  },
  RUN_STALLED: {
    en: 'The run was given up because it did not get on for a day; what was applied stays, and the next run plans anew. The message says what it waited for: look at the service health of that side, and at the log of executeRun for hosts that died.',
    nl: 'De run is opgegeven omdat hij een dag lang niet verder kwam; wat is uitgevoerd blijft, en de volgende run plant opnieuw. De melding zegt waarop hij wachtte: bekijk de servicestatus van die kant, en het log van executeRun op hosts die zijn uitgevallen.',
  },
  CANCELLED: {
    en: 'Somebody cancelled the run. What was applied stays; start a new run for the rest.',
    nl: 'Iemand heeft de run geannuleerd. Wat is uitgevoerd, blijft; start een nieuwe run voor de rest.',
  },
  INTERNAL: {
    en: 'This is a fault in Cloud Sync itself. Start a preview with CLOUD_SYNC__LOG_LEVEL at DEBUG and report it with the attached log.',
    nl: 'Dit is een fout in Cloud Sync zelf. Start een preview met CLOUD_SYNC__LOG_LEVEL op DEBUG en meld de fout met het bijgevoegde logboek.',
  },
  ALIAS_IS_GUEST: {
    en: 'The address received Zivver mail as a guest. Merge the guest account into this one in Zivver (ask Zivver Support); the alias is tried again every week.',
    nl: 'Het adres ontving Zivver-mail als gast. Voeg het gastaccount in Zivver samen met dit account (vraag Zivver Support); de alias wordt elke week opnieuw geprobeerd.',
  },
  ALIAS_TAKEN: {
    en: 'Another Zivver account owns this alias. Remove it there, or delete or merge that account; the alias is tried again by a later run.',
    nl: 'Een ander Zivver-account heeft deze alias. Verwijder die daar, of verwijder dat account of voeg het samen; een latere run probeert de alias opnieuw.',
  },
  ADDRESS_TAKEN: {
    en: 'Another Zivver account already has this address. Rename, merge or delete that account in Zivver; the next run tries again.',
    nl: 'Een ander Zivver-account heeft dit adres al. Hernoem, verwijder of voeg dat account samen in Zivver; de volgende run probeert het opnieuw.',
  },
  ACCOUNT_OUTSIDE_ORGANIZATION: {
    en: 'The account exists in Zivver outside your organisation. Claim its domain in Zivver, or adopt the account there; the next run tries again.',
    nl: 'Het account bestaat in Zivver buiten uw organisatie. Claim het domein in Zivver, of neem het account daar over; de volgende run probeert het opnieuw.',
  },
  ACCOUNT_UNKNOWN: {
    en: 'Zivver does not know this account any more; it was probably deleted during the run. The next run creates it again.',
    nl: 'Zivver kent dit account niet meer; het is waarschijnlijk tijdens de run verwijderd. De volgende run maakt het opnieuw aan.',
  },
  DIVISION_INVALID: {
    en: 'The organisational unit of this account does not exist in Zivver. Make the unit, or move the account to another one in Zivver; the next run tries again.',
    nl: 'De organisatie-eenheid van dit account bestaat niet in Zivver. Maak de eenheid aan, of verplaats het account in Zivver; de volgende run probeert het opnieuw.',
  },
  CREATE_UNCERTAIN: {
    en: 'No answer came to this create, and an account with the address exists that may not be ours. Look at it in Zivver: delete it when it is wrong, or start a sync with `relink` naming the address.',
    nl: 'Op deze aanmaak kwam geen antwoord, en er bestaat een account met het adres dat mogelijk niet van ons is. Bekijk het in Zivver: verwijder het als het niet klopt, of start een sync met `relink` en dit adres.',
  },
  WRITE_REJECTED: {
    en: 'Zivver refused this change with a text that Cloud Sync does not know; it is quoted. Correct the account in Zivver or the mailbox in Exchange; the next run tries again.',
    nl: 'Zivver weigerde deze wijziging met een tekst die Cloud Sync niet kent; die is aangehaald. Verbeter het account in Zivver of het postvak in Exchange; de volgende run probeert het opnieuw.',
  },
  WRITE_NOT_CONFIRMED: {
    en: 'Zivver answered that all is well, but its answer does not show the change. The next run compares again and repeats it where needed.',
    nl: 'Zivver antwoordde dat alles goed is, maar het antwoord laat de wijziging niet zien. De volgende run vergelijkt opnieuw en herhaalt die waar nodig.',
  },
  DEPENDENCY_FAILED: {
    en: 'A change that had to come first failed. Solve that one; the next run makes this change too.',
    nl: 'Een wijziging die eerst moest, is mislukt. Los die op; de volgende run voert ook deze wijziging uit.',
  },
  NO_IDENTIFIER: {
    en: 'The mailbox has no ExternalDirectoryObjectId, so it cannot be followed safely and is left out. A system mailbox may stay so; for a person, check in Entra that the user object still exists.',
    nl: 'Het postvak heeft geen ExternalDirectoryObjectId, is dus niet veilig te volgen en blijft buiten beschouwing. Bij een systeempostvak mag dat; controleer bij een persoon in Entra of het gebruikersobject nog bestaat.',
  },
  KIND_MISMATCH: {
    en: 'The mailbox and the Zivver account are of different kinds. Change the account type in Zivver, or convert the mailbox back.',
    nl: 'Het postvak en het Zivver-account zijn van verschillende soort. Wijzig het accounttype in Zivver, of zet het postvak terug.',
  },
  CAN_STILL_LOG_IN: {
    en: 'Suspend the user account in Zivver when its owner has left, or change its type to functional, so that it follows the shared mailbox again.',
    nl: 'Schort het gebruikersaccount in Zivver op als de eigenaar weg is, of wijzig het type in functioneel, zodat het het gedeelde postvak weer volgt.',
  },
  IDENTIFIER_CONFLICT: {
    en: 'Two Zivver accounts carry the same identifier. Decide which one belongs to the mailbox, and delete the other or clear its external account id in Zivver.',
    nl: 'Twee Zivver-accounts hebben dezelfde identificatie. Bepaal welk account bij het postvak hoort, en verwijder het andere of maak het externe account-id ervan leeg in Zivver.',
  },
  MAILBOX_CONFLICT: {
    en: 'Two mailboxes claim one account. Correct the addresses in Exchange, so that the account belongs to one of them only.',
    nl: 'Twee postvakken maken aanspraak op één account. Verbeter de adressen in Exchange, zodat het account bij slechts één ervan hoort.',
  },
  ROW_CONFLICT: {
    en: 'Two rows of the table CloudSyncMappings name different accounts for one mailbox. Delete the wrong row, or start a sync with `reset_account_mapping`.',
    nl: 'Twee rijen van de tabel CloudSyncMappings noemen verschillende accounts voor één postvak. Verwijder de verkeerde rij, of start een sync met `reset_account_mapping`.',
  },
  ADDRESS_CONFLICT: {
    en: 'Two mailboxes have the same primary address. Give one of them another address in Exchange.',
    nl: 'Twee postvakken hebben hetzelfde primaire adres. Geef een ervan een ander adres in Exchange.',
  },
  ADDRESS_REUSED: {
    en: 'The address was used before, by another mailbox. When both belong to the same person, start a sync with `relink` naming the address; otherwise rename or delete the old account in Zivver first.',
    nl: 'Het adres is eerder gebruikt, door een ander postvak. Horen beide bij dezelfde persoon, start dan een sync met `relink` en dit adres; hernoem of verwijder anders eerst het oude account in Zivver.',
  },
  ALIAS_REFUSED: {
    en: 'Zivver refused this alias, so the account was synchronised without it. Merge the guest or remove the alias from the other account in Zivver; the alias is tried again once a week.',
    nl: 'Zivver weigerde deze alias, dus het account is zonder gesynchroniseerd. Voeg de gast samen of verwijder de alias van het andere account in Zivver; de alias wordt één keer per week opnieuw geprobeerd.',
  },
  ACCOUNT_AMBIGUOUS: {
    en: 'Several Zivver accounts could belong to this mailbox. Delete or rename the ones that do not, in Zivver.',
    nl: 'Meerdere Zivver-accounts kunnen bij dit postvak horen. Verwijder of hernoem in Zivver de accounts die er niet bij horen.',
  },
  LINKED_ELSEWHERE: {
    en: 'The account carries an identifier of another tenant or installation and is left alone. When it belongs here, start a sync with `relink` naming its address.',
    nl: 'Het account heeft een identificatie van een andere tenant of installatie en blijft ongemoeid. Hoort het hier thuis, start dan een sync met `relink` en het adres.',
  },
  SUSPENDED_BY_HAND: {
    en: 'Somebody suspended this account in Zivver, so Cloud Sync leaves it suspended. Reactivate it in Zivver, or set CLOUD_SYNC__REACTIVATE to `all`.',
    nl: 'Iemand heeft dit account in Zivver opgeschort, dus Cloud Sync laat het opgeschort. Activeer het in Zivver, of zet CLOUD_SYNC__REACTIVATE op `all`.',
  },
  UNLINKED_OUT_OF_SCOPE: {
    en: 'The account is active and its mailbox is not in scope, but they were never linked. Suspend it in Zivver by hand when it should not log in, or bring the mailbox into scope.',
    nl: 'Het account is actief en het postvak valt buiten het bereik, maar ze zijn nooit gekoppeld. Schort het in Zivver met de hand op als er niet mee ingelogd mag worden, of breng het postvak binnen het bereik.',
  },
  DELEGATES_DROPPED: {
    en: 'Some who have Full Access cannot be delegates in Zivver. Remove old entries from the mailbox in Exchange, or bring those users into scope.',
    nl: 'Sommigen met Volledige toegang kunnen geen gemachtigde zijn in Zivver. Verwijder oude vermeldingen van het postvak in Exchange, of breng die gebruikers binnen het bereik.',
  },
  DELEGATES_UNKNOWN: {
    en: 'Something about the Full Access of this mailbox could not be read, so no delegate was removed. Repair the entries that are named in Exchange; the next run reads them again.',
    nl: 'Iets van de Volledige toegang van dit postvak was niet te lezen, dus er is geen gemachtigde verwijderd. Herstel de genoemde vermeldingen in Exchange; de volgende run leest ze opnieuw.',
  },
  DELEGATE_LEFT_OUT: {
    en: 'The account of this delegate could not be created, so the delegation was left out. Solve the failed change; the next run adds it.',
    nl: 'Het account van deze gemachtigde kon niet worden aangemaakt, dus de machtiging is weggelaten. Los de mislukte wijziging op; de volgende run voegt die toe.',
  },
  DELEGATES_OFF: {
    en: 'Functional accounts are suspended by emptying their members, which CLOUD_SYNC__DELEGATES=False forbids. Set it to True, or remove the members in Zivver by hand.',
    nl: 'Functionele accounts worden opgeschort door de leden te verwijderen, wat CLOUD_SYNC__DELEGATES=False verbiedt. Zet die op True, of verwijder de leden in Zivver met de hand.',
  },
  SOURCE_FILTER_NESTED_ONLY: {
    en: 'The group holds only other groups, whose members do not count. Put the people into the group itself, or set CLOUD_SYNC__NESTED_GROUPS to True.',
    nl: 'De groep bevat alleen andere groepen, waarvan de leden niet meetellen. Zet de mensen in de groep zelf, of zet CLOUD_SYNC__NESTED_GROUPS op True.',
  },
  SSO_KEY_WRITTEN: {
    en: 'Right when the SSO claim of your organisation in Zivver is `user.objectid`. When it is another one, set CLOUD_SYNC__SSO_ACCOUNT_KEY to `omit` before you sync: a wrong key locks people out.',
    nl: 'Juist als de SSO-claim van uw organisatie in Zivver `user.objectid` is. Is die anders, zet dan CLOUD_SYNC__SSO_ACCOUNT_KEY op `omit` voordat u synchroniseert: met een verkeerde sleutel kan niemand meer inloggen.',
  },
  TARGET_TOTAL_MISSING: {
    en: 'Zivver did not say how many accounts there are, so completeness could not be checked by number. No action is needed; report it to Zivver Support when it stays.',
    nl: 'Zivver zei niet hoeveel accounts er zijn, dus de volledigheid was niet op aantal te controleren. U hoeft niets te doen; meld het bij Zivver Support als dit zo blijft.',
  },
  READINGS_REUSED: {
    en: 'Some Full Access readings of user mailboxes are from an earlier run, as CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS allows. Set it to 0 to read them every time.',
    nl: 'Sommige metingen van Volledige toegang van gebruikerspostvakken zijn van een eerdere run, zoals CLOUD_SYNC__USER_DELEGATION_MAX_AGE_HOURS toestaat. Zet die op 0 om ze altijd te lezen.',
  },
  FAILING_REPEATEDLY: {
    en: 'Each sync tries these changes again, and they keep failing for the reason in brackets: look its code up in `docs/codes.md`, or open the failed changes of this run in the dashboard, and solve the cause. Nothing else waits for them.',
    nl: 'Elke sync probeert deze wijzigingen opnieuw, en ze blijven mislukken om de reden tussen haakjes: zoek de code op in `docs/codes.md`, of open de mislukte wijzigingen van deze run in het dashboard, en los de oorzaak op. Niets anders wacht erop.',
  },
  NO_RECENT_SUCCESS: {
    en: 'No run has succeeded for too long. Open the dashboard, read why the last run ended as it did, and start a preview after the repair.',
    nl: 'Er is te lang geen run geslaagd. Open het dashboard, lees waarom de laatste run zo eindigde, en start na het herstel een preview.',
  },
  MAPPING_ROW_INVALID: {
    en: 'A row of the table CloudSyncMappings cannot be read and was left out. Delete or repair the row that is named; the next run links the account again by its identifier.',
    nl: 'Een rij van de tabel CloudSyncMappings is niet te lezen en is overgeslagen. Verwijder of herstel de genoemde rij; de volgende run koppelt het account opnieuw op identificatie.',
  },
}
