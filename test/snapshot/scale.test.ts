import { expect, test } from 'vitest'
import { guid } from '../support/build.ts'
import { aUser, trustees, World } from './world.ts'

test('a hundred thousand mailboxes cost time in proportion, and few promises at once', async () => {
  const count = 100_000
  const world = new World().fill(count)
  world.source.mailboxes = world.source.mailboxes.map((_, index) =>
    aUser(index + 1, { names: [`upn${index}@contoso.example`, `name${index}`] }),
  )
  world.source.permissions = new Map(
    Array.from({ length: count / 10 }, (_, index) => [
      guid(index * 10 + 1),
      trustees(`upn${index}@contoso.example`, `name${count - index - 1}`),
    ]),
  )
  let mostGoing = 0
  world.calls.intercept = () => {
    mostGoing = Math.max(mostGoing, world.calls.going)
  }
  const before = process.cpuUsage()
  const { delegations } = await world.readAll()
  const { user, system } = process.cpuUsage(before)
  expect(delegations?.size).toBe(count)
  expect(delegations?.get(guid(1))?.delegates).toEqual([guid(count)])
  expect(delegations?.get(guid(11))?.delegates).toEqual([guid(2), guid(count - 1)])
  expect(mostGoing).toBeLessThan(20)
  // About one second on the machine it was written on; anything quadratic takes minutes.
  expect((user + system) / 1e6).toBeLessThan(10)
})
