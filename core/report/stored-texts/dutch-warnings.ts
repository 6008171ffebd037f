import type { WarningCode } from '../../errors.ts'
import type { Pair } from './template.ts'

/** Every sentence that a warning is stored with, by its code. A test finds each of them in the source. */
export const dutchWarnings: Readonly<Record<WarningCode, readonly Pair[]>> = {
  NO_IDENTIFIER: [
    [
      '{name} ({type}) has no ExternalDirectoryObjectId and is not synchronised',
      '{name} ({type}) heeft geen ExternalDirectoryObjectId en wordt niet gesynchroniseerd',
    ],
  ],
  KIND_MISMATCH: [
    [
      'Skipping account {address} because it is a group in one system and a user mailbox in the other',
      'Account {address} wordt overgeslagen: het is in het ene systeem een groep en in het andere een gebruikerspostvak',
    ],
  ],
  CAN_STILL_LOG_IN: [
    [
      '{address} can still log in: its mailbox is a shared one now, its Zivver account an active user account',
      '{address} kan nog inloggen: het postvak is nu een gedeeld postvak, het Zivver-account een actief gebruikersaccount',
    ],
  ],
  IDENTIFIER_CONFLICT: [
    [
      'the identifier {identifier} belongs to {count} accounts: {addresses}',
      'de identificatie {identifier} hoort bij {count} accounts: {addresses}',
    ],
  ],
  MAILBOX_CONFLICT: [
    [
      '{count} mailboxes have the identifier {identifier}',
      '{count} postvakken hebben de identificatie {identifier}',
    ],
    [
      '{count} mailboxes claim the account {address}: {addresses}',
      '{count} postvakken maken aanspraak op het account {address}: {addresses}',
    ],
  ],
  ROW_CONFLICT: [
    [
      '{count} rows of CloudSyncMappings have the identifier {identifier} and name different accounts',
      '{count} rijen van CloudSyncMappings hebben de identificatie {identifier} en noemen verschillende accounts',
    ],
  ],
  ADDRESS_CONFLICT: [
    [
      '{count} mailboxes have the primary address {address}; none of them is synchronised',
      '{count} postvakken hebben het primaire adres {address}; geen ervan wordt gesynchroniseerd',
    ],
  ],
  ADDRESS_REUSED: [
    [
      '{address} is the address of an account that belongs to another mailbox ({owner>}); both stay as they are until "relink" names the address',
      '{address} is het adres van een account dat bij een ander postvak hoort ({owner>}); beide blijven zoals ze zijn totdat "relink" het adres noemt',
    ],
    [
      '{address} is the address of an account whose mailbox is gone ({name}), and of a mailbox that cannot take it over (it has another account, or is part of a conflict); all of them stay as they are until the address is free in Zivver',
      '{address} is het adres van een account waarvan het postvak weg is ({name}), en van een postvak dat het niet kan overnemen (het heeft een ander account, of is deel van een conflict); ze blijven allemaal zoals ze zijn totdat het adres in Zivver vrij is',
    ],
  ],
  ADDRESS_TAKEN: [
    [
      '{address} is {role>} of another account ({owner}), which keeps it; the mailbox is skipped',
      '{address} is {role>} van een ander account ({owner}), dat dit adres houdt; het postvak wordt overgeslagen',
    ],
  ],
  ALIAS_TAKEN: [
    [
      'the alias {alias} of {address} is left out, because the change of {holder}, which has it, failed; the next run repairs it',
      'de alias {alias} van {address} is weggelaten, omdat de wijziging van {holder}, dat de alias heeft, is mislukt; de volgende run herstelt dit',
    ],
    [
      'the alias {alias} of {address} belongs to another account{owner?} and is left out',
      'de alias {alias} van {address} hoort bij een ander account{owner?} en is weggelaten',
    ],
  ],
  ALIAS_REFUSED: [
    [
      'Zivver refuses the alias {alias} of {address} since {day}; it is tried again once a week',
      'Zivver weigert de alias {alias} van {address} sinds {day}; de alias wordt één keer per week opnieuw geprobeerd',
    ],
    [
      'Zivver refuses the alias {alias} of {address} ({why>}); everything else was written, and the alias is tried again in a week',
      'Zivver weigert de alias {alias} van {address} ({why>}); al het andere is geschreven, en de alias wordt over een week opnieuw geprobeerd',
    ],
  ],
  ACCOUNT_AMBIGUOUS: [],
  LINKED_ELSEWHERE: [
    [
      '{address} carries the identifier {identifier}, which this tenant does not know; another installation may manage it, so it is left alone',
      '{address} heeft de identificatie {identifier}, die deze tenant niet kent; misschien beheert een andere installatie het account, dus het blijft ongemoeid',
    ],
  ],
  SUSPENDED_BY_HAND: [
    [
      '{address} is suspended in Zivver, but not by Cloud Sync; its mailbox is in scope and the account is left as it is',
      '{address} is in Zivver opgeschort, maar niet door Cloud Sync; het postvak valt binnen het bereik en het account blijft zoals het is',
    ],
  ],
  UNLINKED_OUT_OF_SCOPE: [
    [
      '{address} is active in Zivver and was never linked to its mailbox, which is not in scope ({reason>}); it is left as it is',
      '{address} is actief in Zivver en is nooit gekoppeld aan zijn postvak, dat buiten het bereik valt ({reason>}); het blijft zoals het is',
    ],
  ],
  DELEGATES_DROPPED: [
    [
      '{address}: {count} with Full Access cannot be delegates: {trustees*}',
      '{address}: {count} met Volledige toegang kunnen geen gemachtigde zijn: {trustees*}',
    ],
  ],
  DELEGATES_UNKNOWN: [
    [
      '{address}: not all delegates are known, so none is removed: {reasons*}',
      '{address}: niet alle gemachtigden zijn bekend, dus er wordt er geen verwijderd: {reasons*}',
    ],
  ],
  DELEGATE_LEFT_OUT: [
    [
      '{delegate} could not be made a delegate of {address}, because its own account could not be created or reactivated; the next run repairs it',
      '{delegate} kon geen gemachtigde van {address} worden, omdat het eigen account niet aangemaakt of geactiveerd kon worden; de volgende run herstelt dit',
    ],
  ],
  DELEGATES_OFF: [
    [
      '{count} functional accounts without a mailbox keep their members, because CLOUD_SYNC__DELEGATES is False: {addresses}',
      '{count} functionele accounts zonder postvak houden hun leden, omdat CLOUD_SYNC__DELEGATES op False staat: {addresses}',
    ],
  ],
  SOURCE_FILTER_NESTED_ONLY: [
    [
      'source filter group {group} has only other groups as members and CLOUD_SYNC__NESTED_GROUPS is off: it lets nobody in',
      'groep {group} van het bronfilter heeft alleen andere groepen als lid en CLOUD_SYNC__NESTED_GROUPS staat uit: de groep laat niemand binnen',
    ],
  ],
  SSO_KEY_WRITTEN: [
    [
      'A sync of this plan writes the SSO account key on {count} existing {noun>}',
      'Een sync van dit plan schrijft de SSO-accountsleutel op {count} {noun>}',
    ],
  ],
  TARGET_TOTAL_MISSING: [
    [
      'Zivver gave no totalResults for GET {endpoint}, so that the list could not be checked for completeness',
      'Zivver gaf geen totalResults bij GET {endpoint}, zodat niet te controleren was of de lijst volledig is',
    ],
  ],
  READINGS_REUSED: [
    [
      'Full Access of {count} user mailboxes is taken from earlier readings; the oldest is {hours} hours old',
      'Volledige toegang van {count} gebruikerspostvakken komt uit eerdere metingen; de oudste is {hours} uur oud',
    ],
  ],
  FAILING_REPEATEDLY: [
    [
      '{address}: failed {count} times since {day} ({action>}, {code})',
      '{address}: {count} keer mislukt sinds {day} ({action>}, {code})',
    ],
  ],
  NO_RECENT_SUCCESS: [],
  MAPPING_ROW_INVALID: [],
}
