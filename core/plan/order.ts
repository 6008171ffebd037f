import { byText } from '../model/address.ts'
import type { AccountWrite, Change, WriteStep } from '../model/change.ts'
import type { Draft } from './drafts.ts'
import { closedRing } from './rings.ts'

/**
 * Puts drafts into the order of the contract's section 9: changes that free an address; users in dependency
 * order (a delegate before the account that names it); functional creates; functional updates; suspends last.
 * A cycle of addresses parks one account in an extra write; a ring of delegates names one of them in a second
 * write. Deterministic: the same drafts in any order give the same result.
 * @returns changes with sequence numbers, and positions and dependencies of their writes
 */
export function orderChanges(drafts: readonly Draft[]): Change[] {
  const graph = new OrderGraph(drafts)
  graph.linkAddresses()
  graph.parkCycles()
  graph.linkDelegates()
  return graph.toChanges()
}

/** A stage of a draft that has one place in the order. */
interface Node {
  readonly draft: Draft
  readonly purpose: 'main' | 'park' | 'delegate_ring'
  readonly rank: number
  /** Nodes that must end before this one: because of addresses, and because of delegates. */
  readonly hard: Set<Node>
  readonly soft: Map<Node, string>
  /** Delegates that the main write leaves out and the ring write adds. */
  readonly later: Set<string>
}

class OrderGraph {
  readonly #nodes: Node[] = []
  readonly #mains = new Map<Draft, Node>()
  readonly #contested = new Set<Draft>()
  /** Every node before this one has its place. */
  #open = 0

  constructor(drafts: readonly Draft[]) {
    const claimed = new Set(drafts.flatMap((draft) => (draft.allowed ? draft.claims : [])))
    const sorted = [...drafts].sort(byIdentity)
    for (const draft of sorted) {
      if (draft.allowed && draft.frees.some((address) => claimed.has(address))) {
        this.#contested.add(draft)
      }
      const node = this.#add(draft, 'main')
      this.#mains.set(draft, node)
    }
  }

  #add(draft: Draft, purpose: Node['purpose']): Node {
    const node: Node = {
      draft,
      purpose,
      rank: purpose === 'park' ? 0 : rankOf(draft, this.#contested.has(draft)),
      hard: new Set(),
      soft: new Map(),
      later: new Set(),
    }
    this.#nodes.push(node)
    return node
  }

  /** Who frees an address goes before who claims it. */
  linkAddresses(): void {
    const freedBy = new Map<string, Node>()
    for (const draft of this.#contested) {
      const node = this.#mainOf(draft)
      for (const address of draft.frees) freedBy.set(address, node)
    }
    if (freedBy.size === 0) return
    for (const node of this.#nodes) {
      if (!node.draft.allowed) continue
      for (const address of node.draft.claims) {
        const holder = freedBy.get(address)
        if (holder !== undefined && holder !== node) node.hard.add(holder)
      }
    }
  }

  #mainOf(draft: Draft): Node {
    const node = this.#mains.get(draft)
    if (node === undefined) throw new Error(`no place in the order for ${draft.action}`)
    return node
  }

  /** While addresses go round in a circle, one account of the circle gives its addresses up first. */
  parkCycles(): void {
    for (let cycle = this.#findCycle(); cycle !== null; cycle = this.#findCycle()) {
      const parked = [...cycle].sort((left, right) => byIdentity(left.draft, right.draft))[0]
      if (parked === undefined) return
      const park = this.#add(parked.draft, 'park')
      for (const node of this.#nodes) {
        if (node !== parked && node.hard.delete(parked)) node.hard.add(park)
      }
      parked.hard.add(park)
    }
  }

  #findCycle(): readonly Node[] | null {
    const done = new Set<Node>()
    for (const start of this.#nodes) {
      if (start.hard.size === 0 || done.has(start)) continue
      const cycle = cycleFrom(start, done)
      if (cycle !== null) return cycle
    }
    return null
  }

  /** A delegate that is created or reactivated goes before the account that names it. */
  linkDelegates(): void {
    const provider = new Map<string, Node>()
    for (const [draft, node] of this.#mains) {
      const provides = draft.action === 'create' || draft.action === 'reactivate'
      if (provides && draft.allowed && draft.kind === 'user' && draft.identifier !== null) {
        provider.set(draft.identifier, node)
      }
    }
    for (const node of this.#mains.values()) {
      if (!node.draft.allowed) continue
      for (const identifier of node.draft.needs) {
        const before = provider.get(identifier)
        if (before !== undefined && before !== node) node.soft.set(before, identifier)
      }
    }
  }

  toChanges(): Change[] {
    const order = this.#sort()
    const positions = new Map(order.map((node, index) => [node, index + 1]))
    const byDraft = new Map<Draft, Node[]>()
    for (const node of order) {
      const nodes = byDraft.get(node.draft)
      if (nodes === undefined) byDraft.set(node.draft, [node])
      else nodes.push(node)
    }
    // A change stands where its last write stands: that is when it is applied.
    const finals = [...byDraft.values()].sort(
      (left, right) => lastPosition(left, positions) - lastPosition(right, positions),
    )
    return finals.map((nodes, index) => changeOf(nodes, index + 1, positions))
  }

  /** Kahn's algorithm with a priority; where only delegates go round in a circle, a second write unties it. */
  #sort(): Node[] {
    const waiting = new Map<Node, number>()
    const followers = new Map<Node, Node[]>()
    const ready = new NodeHeap()
    const enter = (node: Node): void => {
      const before = new Set([...node.hard, ...node.soft.keys()])
      waiting.set(node, before.size)
      if (before.size === 0) ready.push(node)
      for (const other of before) {
        const list = followers.get(other)
        if (list === undefined) followers.set(other, [node])
        else list.push(node)
      }
    }
    for (const node of this.#nodes) enter(node)
    const order: Node[] = []
    const placed = new Set<Node>()
    const total = (): number => this.#nodes.length
    while (order.length < total()) {
      const node = ready.pop() ?? this.#untieRing(placed)
      order.push(node)
      placed.add(node)
      for (const follower of followers.get(node) ?? []) {
        if (placed.has(follower)) continue
        const left = (waiting.get(follower) ?? 0) - 1
        waiting.set(follower, left)
        if (left === 0) ready.push(follower)
      }
      const ring = this.#ringOf(node)
      if (ring !== null) this.#enterRing(ring, placed, waiting, followers, ready)
    }
    return order
  }

  /** Takes a node of a ring that only delegates hold back; those delegates come in a second write. */
  #untieRing(placed: ReadonlySet<Node>): Node {
    const ring = closedRing(this.#firstOpen(placed), (node) => waitsFor(node, placed))
    const free = ring.filter((node) => [...node.hard].every((before) => placed.has(before)))
    const node = free.sort(byPriority)[0]
    if (node === undefined) throw new Error('the order of addresses still has a cycle')
    for (const [before, identifier] of node.soft) {
      if (!placed.has(before)) node.later.add(identifier)
    }
    return node
  }

  #firstOpen(placed: ReadonlySet<Node>): Node {
    let node = this.#nodes[this.#open]
    while (node !== undefined && placed.has(node)) {
      this.#open += 1
      node = this.#nodes[this.#open]
    }
    return node ?? fail()
  }

  #ringOf(node: Node): Node | null {
    if (node.later.size === 0 || node.purpose !== 'main') return null
    const ring = this.#add(node.draft, 'delegate_ring')
    ring.hard.add(node)
    for (const [before, identifier] of node.soft) {
      if (node.later.has(identifier)) ring.soft.set(before, identifier)
    }
    return ring
  }

  #enterRing(
    ring: Node,
    placed: ReadonlySet<Node>,
    waiting: Map<Node, number>,
    followers: Map<Node, Node[]>,
    ready: NodeHeap,
  ): void {
    const before = [...ring.soft.keys()].filter((node) => !placed.has(node))
    waiting.set(ring, before.length)
    if (before.length === 0) ready.push(ring)
    for (const node of before) {
      const list = followers.get(node)
      if (list === undefined) followers.set(node, [ring])
      else list.push(ring)
    }
  }
}

function* waitsFor(node: Node, placed: ReadonlySet<Node>): Generator<Node> {
  for (const before of node.hard) if (!placed.has(before)) yield before
  for (const before of node.soft.keys()) if (!placed.has(before)) yield before
}

function rankOf(draft: Draft, isContested: boolean): number {
  if (!draft.allowed) return 7
  if (isContested) return 0
  if (draft.action === 'suspend') return 6
  if (draft.action === 'link') return 4
  if (draft.kind === 'user') return 1
  return draft.action === 'create' ? 2 : 3
}

function cycleFrom(start: Node, done: Set<Node>): readonly Node[] | null {
  const path: Node[] = []
  const onPath = new Set<Node>()
  const stack: { node: Node; left: Node[] }[] = [{ node: start, left: [...start.hard] }]
  path.push(start)
  onPath.add(start)
  while (stack.length > 0) {
    const top = stack.at(-1)
    const next = top?.left.pop()
    if (top === undefined) break
    if (next === undefined) {
      stack.pop()
      path.pop()
      onPath.delete(top.node)
      done.add(top.node)
    } else if (onPath.has(next)) {
      return path.slice(path.indexOf(next))
    } else if (!done.has(next)) {
      stack.push({ node: next, left: [...next.hard] })
      path.push(next)
      onPath.add(next)
    }
  }
  return null
}

function changeOf(
  nodes: readonly Node[],
  sequence: number,
  positions: ReadonlyMap<Node, number>,
): Change {
  const { draft } = nodes[0] ?? fail()
  const steps = draft.allowed
    ? nodes.flatMap((node) => stepsOf(node, positions))
    : draft.writes.map((write) => deferredStep(write))
  return {
    sequence,
    action: draft.action,
    kind: draft.kind,
    address: draft.address,
    identifier: draft.identifier,
    scimId: draft.scimId,
    displayName: draft.displayName,
    fields: draft.fields,
    reason: draft.reason,
    status: draft.allowed ? 'planned' : 'deferred',
    error: null,
    work: { steps, row: draft.row, removeRows: draft.removeRows },
  }
}

function fail(): never {
  throw new Error('a change without a place in the order')
}

function deferredStep(write: Draft['writes'][number]): WriteStep {
  return { ...write, position: 0, after: [], purpose: 'main' }
}

function stepsOf(node: Node, positions: ReadonlyMap<Node, number>): WriteStep[] {
  const position = positions.get(node) ?? 0
  const after = [...node.hard, ...node.soft.keys()]
    .filter((before) => (positions.get(before) ?? 0) < position)
    .map((before) => positions.get(before) ?? 0)
    .sort((left, right) => left - right)
  const { draft, purpose } = node
  if (purpose === 'park') {
    return [{ position, after, call: 'update', purpose, write: draft.park ?? {} }]
  }
  const main = draft.writes[0]
  if (purpose === 'delegate_ring') {
    const write = main === undefined ? {} : ringWrite(main.write)
    return [{ position, after, call: 'update', purpose, write }]
  }
  return draft.writes.map((write) => ({
    position,
    after,
    call: write.call,
    purpose: write.call === 'empty_members' ? 'empty_members' : 'main',
    write: node.later.size === 0 ? write.write : withoutDelegates(write.write, node.later),
  }))
}

function withoutDelegates(write: AccountWrite, later: ReadonlySet<string>): AccountWrite {
  const stays = (ref: { readonly identifier: string | null }): boolean =>
    ref.identifier === null || !later.has(ref.identifier)
  const { members, ...rest } = write
  const left = members?.filter(stays) ?? []
  return {
    ...rest,
    ...(write.extension === undefined
      ? {}
      : {
          extension: {
            ...write.extension,
            delegates: write.extension.delegates.filter(stays),
          },
        }),
    ...(left.length === 0 ? {} : { members: left }),
  }
}

function ringWrite(write: AccountWrite): AccountWrite {
  if (write.members !== undefined) return { members: write.members }
  return write.extension === undefined ? {} : { extension: write.extension }
}

function lastPosition(nodes: readonly Node[], positions: ReadonlyMap<Node, number>): number {
  return Math.max(...nodes.map((node) => positions.get(node) ?? 0))
}

function byIdentity(left: Draft, right: Draft): number {
  return (
    byText(left.address, right.address) ||
    byText(left.kind, right.kind) ||
    byText(left.scimId ?? '', right.scimId ?? '') ||
    byText(left.identifier ?? '', right.identifier ?? '')
  )
}

const purposeOrder = { park: 0, main: 1, delegate_ring: 2 }

function byPriority(left: Node, right: Node): number {
  return (
    left.rank - right.rank ||
    byIdentity(left.draft, right.draft) ||
    purposeOrder[left.purpose] - purposeOrder[right.purpose]
  )
}

/** A binary heap of nodes by priority. */
class NodeHeap {
  readonly #items: Node[] = []

  push(node: Node): void {
    const items = this.#items
    items.push(node)
    let child = items.length - 1
    while (child > 0) {
      const parent = (child - 1) >> 1
      if (byPriority(at(items, parent), at(items, child)) <= 0) break
      swap(items, parent, child)
      child = parent
    }
  }

  pop(): Node | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (first === undefined || last === undefined || items.length === 0) return first
    items[0] = last
    for (let parent = 0; ; ) {
      let least = parent
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < items.length && byPriority(at(items, child), at(items, least)) < 0) {
          least = child
        }
      }
      if (least === parent) return first
      swap(items, parent, least)
      parent = least
    }
  }
}

function at(items: readonly Node[], index: number): Node {
  return items[index] ?? fail()
}

function swap(items: Node[], left: number, right: number): void {
  const held = at(items, left)
  items[left] = at(items, right)
  items[right] = held
}
