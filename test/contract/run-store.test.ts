import { describe, expect, test } from 'vitest'
import type { RunRecord } from '../../core/model/run.ts'
import { LeaseLost } from '../../core/ports.ts'
import { aRun, ended } from './fixtures.ts'
import { runStores } from './stores.ts'

const scheduled = (): RunRecord => aRun({ trigger: 'schedule', mode: 'sync' })

describe.each(Object.entries(runStores))('run store (%s)', (_, open) => {
  test('of simultaneous starts on two hosts exactly one is queued, and the others name it', async () => {
    const [here, there] = open()
    const answers = await Promise.all(
      [here, there, here, there, here].map((store) => store.request(aRun())),
    )
    const queued = answers.filter((answer) => answer.status === 'queued')
    expect(queued).toHaveLength(1)
    const id = queued[0]?.run.id
    const conflicts = answers.filter((answer) => answer.status === 'conflict')
    expect(conflicts.map((answer) => answer.activeRun)).toEqual([id, id, id, id])
    expect((await here.list(10)).runs.map((run) => run.id)).toEqual([id])
  })

  test('one scheduled run waits behind the active one, never two; a manual one conflicts', async () => {
    const [store] = open()
    const active = aRun()
    const waiting = scheduled()
    await store.request(active)
    expect(await store.request(waiting)).toEqual({ status: 'queued', run: waiting })
    expect(await store.request(scheduled())).toEqual({
      status: 'conflict',
      activeRun: waiting.id,
    })
    expect(await store.request(aRun())).toEqual({ status: 'conflict', activeRun: active.id })
    expect(await store.slots()).toEqual({ active: active.id, waiting: waiting.id })
  })

  test('a run that ends frees its slot, and the waiting one moves up', async () => {
    const [store] = open()
    const first = aRun()
    const second = scheduled()
    await store.request(first)
    await store.request(second)
    expect(await store.finish(ended(first))).toEqual({ promoted: second.id })
    expect(await store.slots()).toEqual({ active: second.id, waiting: null })
    expect(await store.finish(ended(second))).toEqual({ promoted: null })
    expect(await store.slots()).toEqual({ active: null, waiting: null })
    expect((await store.request(aRun())).status).toBe('queued')
  })

  test('a waiting run that is cancelled leaves the active one where it is', async () => {
    const [store] = open()
    const active = aRun()
    const waiting = scheduled()
    await store.request(active)
    await store.request(waiting)
    expect(await store.finish(ended(waiting, { status: 'cancelled' }))).toEqual({ promoted: null })
    expect(await store.slots()).toEqual({ active: active.id, waiting: null })
  })

  test('a tick at the very moment in which the active run ends is lost in neither order', async () => {
    for (let round = 0; round < 8; round++) {
      const [here, there] = open()
      const active = aRun()
      const next = scheduled()
      await here.request(active)
      const [finished, requested] = await Promise.all([
        here.finish(ended(active)),
        there.request(next),
      ])
      expect(requested.status).toBe('queued')
      expect(await here.slots()).toEqual({ active: next.id, waiting: null })
      expect([null, next.id]).toContain(finished.promoted)
    }
  })

  test('the first end of a run stands; a second one only tells who is next', async () => {
    const [here, there] = open()
    const run = aRun()
    const next = scheduled()
    await here.request(run)
    await here.request(next)
    await here.finish(ended(run, { status: 'cancelled' }))
    expect(await there.finish(ended(run))).toEqual({ promoted: next.id })
    expect((await here.get(run.id))?.status).toBe('cancelled')
  })

  test('an update writes what it names; a late one of a run that has ended or never was does nothing', async () => {
    const [here, there] = open()
    const run = aRun()
    await here.request(run)
    await here.update(run.id, { status: 'running', phase: 'planning' }, 0)
    await there.update(run.id, { progress: { done: 1, total: 2, waiting_for: null } }, 0)
    await here.update(run.id, { planStored: true, error: { code: 'INTERNAL', message: 'x' } }, 0)
    await here.update(run.id, { error: null }, 0)
    const expected = {
      ...run,
      status: 'running',
      phase: 'planning',
      progress: { done: 1, total: 2, waiting_for: null },
      planStored: true,
    }
    expect(await there.get(run.id)).toEqual(expected)
    await there.finish(ended(run))
    await here.update(run.id, { status: 'running' }, 0)
    expect(await here.get(run.id)).toEqual(ended(run))
    const unknown = aRun()
    await here.update(unknown.id, { status: 'running' }, 0)
    expect(await here.get(unknown.id)).toBeNull()
  })

  test('whoever claimed a run with a lower fence writes nothing there any more', async () => {
    const [here, there] = open()
    const run = aRun()
    await here.request(run)
    expect(await here.claim(run.id, 1)).toEqual({ ...run, fence: 1 })
    await here.update(run.id, { phase: 'planning' }, 1)
    expect(await there.claim(run.id, 2)).toEqual({ ...run, phase: 'planning', fence: 2 })
    await expect(here.update(run.id, { decided: 'failed' }, 1)).rejects.toThrow(LeaseLost)
    await there.update(run.id, { planStored: true }, 2)
    await expect(there.update(run.id, { decided: 'failed' }, 1)).rejects.toThrow(LeaseLost)
    expect(await here.claim(run.id, 2)).toBeNull()
    const left = { ...run, phase: 'planning', fence: 2, planStored: true }
    expect(await here.get(run.id)).toEqual(left)
    await there.finish(ended(run))
    expect(await here.claim(run.id, 3)).toBeNull()
    await here.update(run.id, { decided: 'failed' }, 1)
    expect(await here.claim(aRun().id, 1)).toBeNull()
  })

  test('a run comes back as it was stored, however long its lists are', async () => {
    const [here, there] = open()
    const run = aRun({ flags: { ...aRun().flags, relink: ['a@contoso.example'] } })
    await here.request(run)
    const warnings = Array.from({ length: 3000 }, (_, index) => ({
      code: 'LINKED_ELSEWHERE' as const,
      message: `account ${crypto.randomUUID()} is linked elsewhere`,
      ...(index % 2 === 0 && { address: `user${index}@contoso.example` }),
    }))
    const finished = ended(run, {
      warnings,
      out_of_scope: { domain_not_included: 4 },
      mailbox_types: { UserMailbox: 380 },
      guard: { blocked: true, changed: 3, total: 4, limit_percent: 10, findings: ['…'] },
      error: { code: 'SOURCE_INCOMPLETE', message: 'page 2 failed' },
      report: { email: 'failed', message: 'no answer' },
      settingsDigest: 'abc',
      filterGroups: [{ id: 'a-group', name: 'Staff-NL', members: 1940 }],
      resumeAt: '2026-11-23T01:01:00.000Z',
      decided: 'failed',
      started_at: '2026-11-23T01:00:01.000Z',
    })
    await here.finish(finished)
    expect(await there.get(run.id)).toEqual(finished)
    expect((await there.list(1)).runs).toEqual([finished])
  })

  test('the history is leafed through newest first, and nothing but runs is in it', async () => {
    const [store] = open()
    const runs: string[] = []
    for (let index = 0; index < 5; index++) {
      const run = aRun()
      await store.request(run)
      runs.unshift(run.id)
      if (index < 4) await store.finish(ended(run))
    }
    const seen: string[] = []
    let continuation: string | undefined
    do {
      const page = await store.list(2, continuation)
      expect(page.runs.length).toBeLessThanOrEqual(2)
      seen.push(...page.runs.map((run) => run.id))
      continuation = page.continuation
    } while (continuation !== undefined)
    expect(seen).toEqual(runs)
    expect(await store.get('slot-active')).toBeNull()
    expect(await store.get("x' or RowKey ne '")).toBeNull()
  })

  test('unfinished runs are listed with the active one first', async () => {
    const [store] = open()
    const active = scheduled()
    const waiting = scheduled()
    const over = aRun()
    await store.request(over)
    await store.finish(ended(over))
    await store.request(active)
    await store.update(active.id, { status: 'running' }, 0)
    await store.request(waiting)
    const unfinished = await store.unfinished()
    expect(unfinished.map((run) => run.id)).toEqual([active.id, waiting.id])
    expect(unfinished[0]?.status).toBe('running')
  })

  test('old runs are found and removed, long lists and all; younger and unfinished ones stay', async () => {
    const [store] = open()
    const old = aRun()
    const young = aRun()
    const going = aRun()
    const warnings = Array.from({ length: 2000 }, () => ({
      code: 'ADDRESS_REUSED' as const,
      message: crypto.randomUUID(),
    }))
    await store.request(old)
    await store.finish(ended(old, { finished_at: '2026-01-01T00:00:00.000Z', warnings }))
    await store.request(young)
    await store.finish(ended(young))
    await store.request(going)
    expect(await store.finishedBefore('2026-06-01T00:00:00.000Z')).toEqual([old.id])
    await store.remove(old.id)
    expect((await store.list(10)).runs.map((run) => run.id)).toEqual([going.id, young.id])
    expect(await store.get(old.id)).toBeNull()
    expect(await store.finishedBefore('2026-06-01T00:00:00.000Z')).toEqual([])
    await store.remove(old.id)
  })
})
