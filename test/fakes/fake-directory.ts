import { SyncError } from '../../core/errors.ts'
import { type Complete, sealComplete } from '../../core/model/complete.ts'
import type { DirectoryGroup, DirectoryMember } from '../../core/model/mailbox.ts'
import type { Directory } from '../../core/ports.ts'
import { PortCalls } from './port-calls.ts'

/** A group of the fake directory; `refused`: Graph definitely refuses to list its members. */
export interface FakeGroup extends Partial<DirectoryGroup> {
  readonly id: string
  readonly members?: readonly DirectoryMember[]
  readonly refused?: boolean
  /** It turns up in `listMailGroups` (mail-enabled security and Microsoft 365 groups). */
  readonly isMailGroup?: boolean
}

/** A Microsoft Graph that keeps groups and objects in memory. */
export class FakeDirectory implements Directory {
  readonly calls: PortCalls
  groups: readonly FakeGroup[] = []
  /** By the text asked for; others are definitely not found. */
  objects: ReadonlyMap<string, DirectoryMember> = new Map()

  constructor(calls = new PortCalls()) {
    this.calls = calls
  }

  readGroup(id: string): Promise<DirectoryGroup | null> {
    return this.#answer('readGroup', id, () => {
      const group = this.#group(id)
      return group === undefined ? null : asGroup(group)
    })
  }

  listMembers(groupId: string): Promise<Complete<DirectoryMember>> {
    return this.#answer('listMembers', groupId, () => {
      const group = this.#group(groupId)
      if (group === undefined || group.refused === true) {
        throw new SyncError('SOURCE_FILTER_UNREADABLE', `Graph refuses to list group ${groupId}`)
      }
      return sealComplete(group.members ?? [])
    })
  }

  listMailGroups(): Promise<Complete<DirectoryGroup>> {
    return this.#answer('listMailGroups', '', () =>
      sealComplete(this.groups.filter(({ isMailGroup }) => isMailGroup === true).map(asGroup)),
    )
  }

  findObject(text: string): Promise<DirectoryMember | null> {
    return this.#answer('findObject', text, () => this.objects.get(text) ?? null)
  }

  #group(id: string): FakeGroup | undefined {
    return this.groups.find((group) => group.id === id)
  }

  #answer<Result>(method: string, about: string, effect: () => Result): Promise<Result> {
    return this.calls.answer({ name: `directory.${method}`, about: [about] }, effect)
  }
}

function asGroup(group: FakeGroup): DirectoryGroup {
  return {
    id: group.id,
    displayName: group.displayName ?? group.id,
    mail: group.mail ?? null,
    mailNickname: group.mailNickname ?? null,
    proxyAddresses: group.proxyAddresses ?? [],
    hiddenMembership: group.hiddenMembership ?? false,
  }
}
