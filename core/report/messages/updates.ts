/** Why a newer release was not installed, in a few words. */
import type { UpdateProblem } from '../../update/refusal.ts'

interface UpdateMessages {
  readonly label: string
  /** @param offered its version; `null` = it is not known */
  readonly refused: (offered: string | null, why: string) => string
  readonly why: Readonly<Record<UpdateProblem, string>>
}

export const updateMessages: Readonly<Record<'en' | 'nl', UpdateMessages>> = {
  en: {
    label: 'Update',
    refused: (offered, why) =>
      `${offered === null ? 'Nothing was installed' : `${offered} was not installed`}: ${why}. This version goes on; health (version) says more.`,
    why: {
      feed_unreachable: 'the releases cannot be reached',
      signature_wrong: 'it is not signed with the key in the settings',
      manifest_invalid: 'what the feed says cannot be understood',
      version_older: 'it is older than this one',
      taken_back: 'it was installed before and taken back by hand',
      package_truncated: 'its package came only in part',
      checksum_wrong: 'the checksum of its package is wrong',
      no_way_back: 'the package of this version was not found, so there would be no way back',
      publish_failed: 'Azure did not take its package',
    },
  },
  nl: {
    label: 'Bijwerken',
    refused: (offered, why) =>
      `${offered === null ? 'Er is niets geïnstalleerd' : `${offered} is niet geïnstalleerd`}: ${why}. Deze versie blijft werken; health (version) zegt er meer over.`,
    why: {
      feed_unreachable: 'de versies zijn niet te bereiken',
      signature_wrong: 'hij is niet ondertekend met de sleutel in de instellingen',
      manifest_invalid: 'wat er wordt aangeboden is niet te begrijpen',
      version_older: 'hij is ouder dan deze',
      taken_back: 'hij is eerder geïnstalleerd en met de hand teruggedraaid',
      package_truncated: 'het pakket kwam maar voor een deel aan',
      checksum_wrong: 'de controlesom van het pakket klopt niet',
      no_way_back: 'het pakket van deze versie is niet gevonden, dus was er geen weg terug',
      publish_failed: 'Azure nam het pakket niet aan',
    },
  },
}
