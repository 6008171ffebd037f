/** Accounts by address: which mailbox belongs to which account, since when, and why it is as it is. */

import { openWarnings } from '../../dashboard/open-warnings.ts'
import { byId, element, marked } from '../shared/element.ts'
import { type AccountJson, api, type ChangeJson, type RunJson } from './api.ts'
import { changeRow } from './change-list.ts'
import { announce, attempt } from './messages.ts'
import { button, facts, runLink } from './run-parts.ts'
import { timeElement } from './time.ts'
import { number, remedyOf, words } from './words.ts'

const pauseMs = 250

/** Makes the search work. @param runs what is known of the history when somebody asks for a reason */
export function prepareAccounts(runs: () => readonly RunJson[]): void {
  const field = byId('account-search', HTMLInputElement)
  const list = byId('account-list', HTMLElement)
  let turn = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const search = async (): Promise<void> => {
    turn += 1
    const own = turn
    const address = field.value.trim().toLowerCase()
    const page = await api.accounts(address)
    // Somebody may have typed on meanwhile.
    if (own === turn) showPage(list, address, page, runs)
  }
  field.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(() => void attempt(search), pauseMs)
  })
  byId('account-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault()
    clearTimeout(timer)
    void attempt(search)
  })
}

type AccountPage = Awaited<ReturnType<typeof api.accounts>>

/** One page at a time: the next one takes the place of the one before. */
function showPage(
  list: HTMLElement,
  address: string,
  { accounts, continuation }: AccountPage,
  runs: () => readonly RunJson[],
): void {
  const rows = accounts.map((account) => accountRow(account, runs()))
  const none = element('p', { text: 'No account begins with this.' })
  const more = button('More accounts', '', () =>
    attempt(async () => showPage(list, address, await api.accounts(address, continuation), runs)),
  )
  const unlinked = unlinkedWarnings(address, accounts, runs())
  list.replaceChildren(
    ...(rows.length + unlinked.length === 0 ? [none] : rows),
    ...unlinked.map(warningAbout),
    ...(continuation === undefined ? [] : [more]),
  )
  announce(`${number(accounts.length)} accounts`)
}

type Warning = ReturnType<typeof openWarnings>[number]['warning']

const mostUnlinked = 10

/** What stands about addresses that no linked account has: a conflict is why they have none. */
function unlinkedWarnings(
  address: string,
  accounts: readonly AccountJson[],
  runs: readonly RunJson[],
): Warning[] {
  if (address === '') return []
  const linked = new Set(accounts.map((account) => account.address))
  return openWarnings(runs)
    .map(({ warning }) => warning)
    .filter(
      ({ address: about }) =>
        about !== undefined && about.startsWith(address) && !linked.has(about),
    )
    .slice(0, mostUnlinked)
}

function warningAbout(warning: Warning): HTMLElement {
  return element(
    'div',
    { class: 'unlinked' },
    element('bdi', { class: 'address', text: warning.address ?? '' }),
    ...warningTexts(warning),
  )
}

function warningTexts({ message, code }: Warning): HTMLElement[] {
  return [
    element('p', { class: 'error', text: message }),
    element('p', { class: 'remedy' }, ...marked(remedyOf(code))),
  ]
}

function accountRow(account: AccountJson, runs: readonly RunJson[]): HTMLElement {
  const row = element(
    'details',
    { class: 'change' },
    element(
      'summary',
      {},
      element('bdi', { class: 'address', text: account.address }),
      element('bdi', { class: 'name', text: account.display_name }),
      element('span', { class: 'reason', text: words.kinds[account.kind] }),
      element('span', {
        class: account.active ? 'badge good' : 'badge attention',
        text: account.active ? 'linked' : 'suspended by Cloud Sync',
      }),
    ),
  )
  row.addEventListener(
    'toggle',
    () => {
      const why = element(
        'div',
        { class: 'why' },
        element('p', { text: 'Looking for its last change …' }),
      )
      row.append(element('div', { class: 'body' }, accountFacts(account), why))
      void attempt(async () => why.replaceChildren(...(await reasons(account, runs))))
    },
    { once: true },
  )
  return row
}

function accountFacts(account: AccountJson): HTMLElement {
  const mailbox = account.external_directory_object_id
  return facts([
    ['Mailbox', mailbox === null ? 'never had one of ours' : element('code', { text: mailbox })],
    ['Account', element('code', { text: account.scim_id })],
    ['Linked', timeElement(account.linked_at)],
  ])
}

/** Its last change, from the run that made it, and the warnings that stand about it. */
async function reasons(account: AccountJson, runs: readonly RunJson[]): Promise<HTMLElement[]> {
  const { last_run_id: runId } = account
  const change = await lastChange(account)
  const run = runs.find(({ id }) => id === runId)
  const link = element(
    'p',
    {},
    'Last change: ',
    run === undefined
      ? element('a', {
          text: `run ${runId}`,
          attributes: { href: `#run=${encodeURIComponent(runId)}` },
        })
      : runLink(run, timeElement(run.requested_at)),
  )
  const open = openWarnings(runs).filter(({ warning }) => warning.address === account.address)
  return [
    link,
    change === null
      ? element('p', { text: 'That run is no longer kept, or it only stored the link.' })
      : changeRow(change),
    ...open.flatMap(({ warning }) => warningTexts(warning)),
  ]
}

/** Pages of a run that are looked through for one account. */
const pagesAtMost = 100

async function lastChange(account: AccountJson): Promise<ChangeJson | null> {
  let continuation: string | undefined
  for (let page = 0; page < pagesAtMost; page++) {
    const answer = await api
      .changes(account.last_run_id, continuation === undefined ? {} : { continuation })
      // A run that was purged is no fault of the account.
      .catch(() => null)
    const found = answer?.changes.find(({ scim_id: scimId }) => scimId === account.scim_id)
    if (found !== undefined) return found
    continuation = answer?.continuation
    if (continuation === undefined) return null
  }
  return null
}
