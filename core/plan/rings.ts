interface Frame<N> {
  readonly node: N
  readonly rest: Iterator<N>
}

/**
 * Finds nodes that wait for each other and for nobody else: Tarjan's strongly connected components, up to the first one
 * that is complete, which has no way out. Without recursion, for delegates may name each other in a long chain.
 * @param waitsFor whom a node waits for, always in the same order
 * @returns such nodes, among those that the start leads to; a single one when it leads to no ring
 */
export function closedRing<N>(start: N, waitsFor: (node: N) => Iterable<N>): readonly N[] {
  /** Nodes in the order of their discovery, and the earliest one that each is known to lead back to. */
  const found: N[] = []
  const places = new Map<N, number>()
  const earliest = new Map<N, number>()
  const frames: Frame<N>[] = []
  const enter = (node: N): void => {
    places.set(node, found.length)
    earliest.set(node, found.length)
    found.push(node)
    frames.push({ node, rest: waitsFor(node)[Symbol.iterator]() })
  }
  const leadsTo = (node: N, place: number): void => {
    earliest.set(node, Math.min(place, earliest.get(node) ?? place))
  }
  enter(start)
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { node, rest } = frame
    const next = rest.next()
    if (next.done !== true) {
      const place = places.get(next.value)
      if (place === undefined) enter(next.value)
      else leadsTo(node, place)
      continue
    }
    frames.pop()
    const back = earliest.get(node) ?? 0
    if (back === places.get(node)) return found.slice(back)
    const before = frames.at(-1)
    if (before !== undefined) leadsTo(before.node, back)
  }
  return found
}
