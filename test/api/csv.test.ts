import Papa from 'papaparse'
import { expect, test } from 'vitest'
import { changesToCsv, csvHeader } from '../../core/api/csv.ts'
import { aChange } from './builders.ts'

function parsed(csv: string): Record<string, string>[] {
  return Papa.parse<Record<string, string>>(csvHeader() + csv, {
    header: true,
    newline: '\r\n',
    skipEmptyLines: true,
  }).data
}

test('a change is one line; lists and fields have their own cells', () => {
  const error = { code: 'ALIAS_TAKEN', message: 'in use, "elsewhere"\nsince long' } as const
  const [row] = parsed(changesToCsv([aChange({ status: 'failed', error })]))
  expect(row).toMatchObject({
    sequence: '1',
    action: 'create',
    kind: 'user',
    address: 'anna@contoso.example',
    external_directory_object_id: '8d2b1e0f-4c77-4d61-8f0a-3a5f7e9c1b20',
    scim_id: '',
    reason: 'new_mailbox',
    status: 'failed',
    error_code: 'ALIAS_TAKEN',
    error_message: 'in use, "elsewhere"\nsince long',
    'userName before': '',
    'userName after': 'anna@contoso.example',
    'aliases after': 'a.vos@contoso.example; vos@contoso.example',
    'displayName after': '',
  })
})

test('lines end in CRLF and the text begins with the header, without a byte order mark', () => {
  const csv = csvHeader() + changesToCsv([aChange(), aChange({ sequence: 2 })])
  expect(csv.startsWith('sequence,action,kind,address,')).toBe(true)
  expect(csv.split('\r\n')).toHaveLength(4)
  expect(csv.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  expect(changesToCsv([])).toBe('')
})

test.each(['=1+1', '+31', '-1', '@sum', '\tx', '\rx', '=HYPERLINK("x")\nsecond line'])(
  'a cell that begins like a formula gets a leading apostrophe: %j',
  (name) => {
    const fields = [{ path: 'name.formatted', before: null, after: name }] as const
    const [row] = parsed(changesToCsv([aChange({ fields })]))
    expect(row?.['name.formatted after']).toBe(`'${name}`)
  },
)

test('the SSO account key is masked', () => {
  const fields = [{ path: 'SsoAccountKey', before: null, after: 'planted' }] as const
  const [row] = parsed(changesToCsv([aChange({ fields })]))
  expect(row).toMatchObject({ 'SsoAccountKey before': '', 'SsoAccountKey after': '***' })
})
