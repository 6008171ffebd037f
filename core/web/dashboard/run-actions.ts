/** What can be pressed: preview, sync, approve, cancel. Whatever writes is asked for once more, with its flags explained. */
import { byId, element } from '../shared/element.ts'
import { api, type RunFlags, type RunJson } from './api.ts'
import { announce, attempt } from './messages.ts'
import { button } from './run-parts.ts'
import { changesOf, isActive, isApprovable, number } from './words.ts'

async function start(flags: Partial<RunFlags>): Promise<void> {
  const { id } = await api.start(flags)
  announce('The run is queued.')
  location.hash = `run=${encodeURIComponent(id)}`
}

export function previewButton(): HTMLButtonElement {
  return button('Preview', 'primary', () => attempt(() => start({})))
}

export function syncButton(): HTMLButtonElement {
  return button('Sync…', '', async () => {
    byId('start-form', HTMLFormElement).reset()
    byId('start-dialog', HTMLDialogElement).showModal()
  })
}

/** Approve and cancel, where the run allows them. */
export function runButtons(run: RunJson, changed: () => Promise<void>): HTMLButtonElement[] {
  return [
    ...(isApprovable(run) ? [approveButton(run)] : []),
    ...(isActive(run) ? [cancelButton(run, changed)] : []),
  ]
}

function approveButton(run: RunJson): HTMLButtonElement {
  return button('Approve…', 'primary', async () => {
    const isSure = await confirmed({
      title: 'Apply exactly these changes?',
      text: [
        `A sync starts that applies the ${number(changesOf(run))} changes of this plan as far as a fresh plan still has them; everything else is deferred. It may pass the large-change guard.`,
        `Flags: perform_sync, approve_run = ${run.id}`,
      ],
      yes: 'Approve and sync',
    })
    if (isSure) await attempt(() => start({ perform_sync: true, approve_run: run.id }))
  })
}

function cancelButton(run: RunJson, changed: () => Promise<void>): HTMLButtonElement {
  return button('Cancel…', 'danger', async () => {
    const isSure = await confirmed({
      title: 'Cancel this run?',
      text: [
        'No further write is begun. What was applied stays; the rest stays planned and can be made by a later run.',
      ],
      yes: 'Cancel the run',
    })
    if (!isSure) return
    await attempt(async () => {
      await api.cancel(run.id)
      announce('The run was asked to stop.')
      await changed()
    })
  })
}

interface Question {
  readonly title: string
  readonly text: readonly string[]
  readonly yes: string
}

function confirmed({ title, text, yes }: Question): Promise<boolean> {
  const dialog = byId('confirm-dialog', HTMLDialogElement)
  byId('confirm-title', HTMLElement).textContent = title
  byId('confirm-text', HTMLElement).replaceChildren(
    ...text.map((line) => element('p', { text: line })),
  )
  byId('confirm-yes', HTMLButtonElement).textContent = yes
  dialog.returnValue = ''
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true })
  })
}

/** The dialog with every flag. Its two buttons differ in one flag only: `perform_sync`. */
export function prepareStartDialog(): void {
  const dialog = byId('start-dialog', HTMLDialogElement)
  const form = byId('start-form', HTMLFormElement)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const isSync = event.submitter?.id === 'start-sync'
    const flags = flagsOf(new FormData(form))
    dialog.close()
    void attempt(() => start(isSync ? { ...flags, perform_sync: true } : flags))
  })
  for (const cancel of document.querySelectorAll<HTMLButtonElement>('button.close')) {
    cancel.addEventListener('click', () => cancel.closest('dialog')?.close())
  }
}

function flagsOf(form: FormData): Partial<RunFlags> {
  const relink = byId('relink', HTMLInputElement)
    .value.split(/[\s,;]+/)
    .filter((address) => address !== '')
  return {
    ...(form.has('allow_large_sync') && { allow_large_sync: true }),
    ...(form.has('reset_account_mapping') && { reset_account_mapping: true }),
    ...(relink.length > 0 && { relink }),
  }
}
