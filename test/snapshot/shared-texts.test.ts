import { expect, test } from 'vitest'
import { sealComplete } from '../../core/model/complete.ts'
import { byIdentifier, byScimId } from '../../core/snapshot/by-id.ts'
import { shareTexts } from '../../core/snapshot/shared-texts.ts'
import { aMailbox, anAccount, aRow, guid } from '../support/build.ts'

test('sharing texts changes nothing of what the lists say, whether mailbox, account and row agree or not', () => {
  const lists = {
    mailboxes: sealComplete([
      aMailbox({ identifier: guid(1), primarySmtpAddress: 'anna@contoso.example' }),
      aMailbox({ identifier: guid(2), primarySmtpAddress: 'bob@contoso.example' }),
      aMailbox({ identifier: null, primarySmtpAddress: '', displayName: 'Discovery' }),
    ]),
    accounts: sealComplete([
      anAccount({ scimId: 'S1', externalAccountId: guid(1), address: 'anna@contoso.example' }),
      anAccount({ scimId: 'S2', externalAccountId: guid(2).toUpperCase(), address: 'b@x.example' }),
      anAccount({ scimId: 'S3', externalAccountId: guid(3), address: 'c@contoso.example' }),
      anAccount({ scimId: 'S4', externalAccountId: null, address: 'desk@contoso.example' }),
    ]),
    mappings: sealComplete([
      aRow({ key: guid(1), scimId: 'S1', address: 'anna@contoso.example', displayName: 'Anna' }),
      aRow({ key: guid(2), scimId: 'S9', address: 'old@contoso.example' }),
      aRow({ key: 'scim-S4', scimId: 'S4', address: 'desk@contoso.example', active: false }),
      aRow({
        key: guid(5),
        scimId: 'S5',
        address: 'e@contoso.example',
        refusedAliases: [
          {
            address: 'guest@contoso.example',
            code: 'ALIAS_IS_GUEST',
            firstRefusedAt: '2026-01-01T00:00:00.000Z',
            lastTriedAt: '2026-01-08T00:00:00.000Z',
          },
        ],
      }),
    ]),
  }
  const before = structuredClone(lists)
  const [mailboxesById, accountsById] = [byIdentifier(lists.mailboxes), byScimId(lists.accounts)]
  shareTexts({ ...lists, mailboxesById, accountsById })
  expect(lists).toEqual(before)
})
