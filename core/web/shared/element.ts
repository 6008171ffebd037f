/** Makes elements without ever reading HTML from text: whatever a name holds, it stays text. */

type Child = Node | string | null

interface Properties {
  readonly class?: string
  readonly text?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly on?: Readonly<Record<string, (event: Event) => void>>
}

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  if (properties.class !== undefined) made.className = properties.class
  if (properties.text !== undefined) made.textContent = properties.text
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    made.setAttribute(name, value)
  }
  for (const [name, listener] of Object.entries(properties.on ?? {})) {
    made.addEventListener(name, listener)
  }
  made.append(...children.filter((child) => child !== null))
  return made
}

/** The element with this id, of the kind that the page's HTML gives it. @throws when page and script disagree */
export function byId<Kind extends Element>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`)
  return found
}

/** A sentence of ours, its `code` set apart. */
export function marked(text: string): Node[] {
  return text
    .split('`')
    .map((part, at) =>
      at % 2 === 0 ? document.createTextNode(part) : element('code', { text: part }),
    )
}
