import { describe, expect, test } from 'vitest'
import { TaskGroup } from '../../core/snapshot/task-group.ts'
import { idle } from '../fakes/fake-clock.ts'

describe('tasks that go on side by side', () => {
  test('end together, also when one starts another', async () => {
    const tasks = new TaskGroup()
    const ended: string[] = []
    void tasks.start(async () => {
      await idle()
      void tasks.start(async () => {
        await idle()
        ended.push('inner')
      })
      ended.push('outer')
    })
    await tasks.end()
    expect(ended).toEqual(['outer', 'inner'])
  })

  test('all end before the first failure is thrown', async () => {
    const tasks = new TaskGroup()
    let isSlowOneDone = false
    void tasks.start(async () => {
      await idle()
      await idle()
      isSlowOneDone = true
    })
    void tasks.start(() => Promise.reject(new Error('first')))
    void tasks.start(async () => {
      await idle()
      throw new Error('second')
    })
    await expect(tasks.end()).rejects.toThrow('first')
    expect(isSlowOneDone).toBe(true)
  })

  test('a task that throws before it waits fails like any other', async () => {
    const tasks = new TaskGroup()
    const task = (): Promise<void> => {
      throw new Error('at once')
    }
    void tasks.start(task)
    await expect(tasks.end()).rejects.toThrow('at once')
  })
})

describe('a mapping with a limit', () => {
  test('keeps the order of the items and the limit, whatever the speed', async () => {
    let going = 0
    let most = 0
    const results = await new TaskGroup().map([5, 1, 4, 2, 3], 2, async (turns) => {
      going += 1
      most = Math.max(most, going)
      for (let turn = 0; turn < turns; turn += 1) await idle()
      going -= 1
      return turns * 10
    })
    expect(results).toEqual([50, 10, 40, 20, 30])
    expect(most).toBe(2)
  })

  test('begins nothing more after a failure, its own or one around it', async () => {
    const begun: number[] = []
    const tasks = new TaskGroup()
    void tasks.start(() =>
      tasks.map([1, 2, 3, 4, 5], 1, async (item) => {
        begun.push(item)
        await idle()
      }),
    )
    void tasks.start(async () => {
      await idle()
      throw new Error('elsewhere')
    })
    await expect(tasks.end()).rejects.toThrow('elsewhere')
    expect(begun.length).toBeLessThanOrEqual(2)
  })
})
