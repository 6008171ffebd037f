/**
 * A sentence with gaps, in English and in Dutch: `{address}` is a value that stays as it is, `{owner?}` one that may
 * be missing, `{reason>}` one that is translated itself, `{reasons*}` a list of such.
 */
export type Pair = readonly [english: string, dutch: string]

export interface Template {
  readonly english: RegExp
  /** Names of the gaps, in the order of the English sentence. */
  readonly gaps: readonly string[]
  readonly dutch: string
}

const gap = /\{([a-z]+[?>*]?)\}/gi

export function template([english, dutch]: Pair): Template {
  // What `split` gives at odd places is what the group of the pattern matched: the names.
  const parts = english.split(gap)
  const pattern = parts.map((part, index) => (index % 2 === 0 ? literal(part) : holeFor(part)))
  return {
    english: new RegExp(`^${pattern.join('')}$`, 's'),
    gaps: parts.filter((_, index) => index % 2 === 1),
    dutch,
  }
}

function literal(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function holeFor(name: string): string {
  return name.endsWith('?') ? '(.*?)' : '(.+?)'
}

/** What stands in the gaps, by their names; `null` when the text is another sentence. */
export function valuesOf(
  { english, gaps }: Template,
  text: string,
): ReadonlyMap<string, string> | null {
  const match = english.exec(text)
  return match && new Map(gaps.map((name, index) => [name, match[index + 1] ?? '']))
}

/** Translates what stands in a gap that is marked; `null` = not known. */
type Translate = (text: string) => string | null

export function fill(
  { dutch }: Template,
  values: ReadonlyMap<string, string>,
  translate: Translate,
): string {
  return dutch.replaceAll(gap, (_, name: string) => {
    const value = values.get(name) ?? ''
    if (name.endsWith('>')) return translate(value) ?? value
    return name.endsWith('*') ? translatedList(value, translate) : value
  })
}

// In a group, so that the pieces can be joined again.
const separators = /(; |, )/

/** A list of ours is never longer; the time for a text of somebody else's stays bounded. */
const mostItems = 100

/** Item by item; one that holds a separator itself is known only together with the pieces that follow. */
function translatedList(text: string, translate: Translate): string {
  const [first = '', ...rest] = text.split(separators)
  if (rest.length > 2 * mostItems) return text
  let done = ''
  let open = first
  for (let at = 0; at < rest.length; at += 2) {
    const [separator = '', next = ''] = rest.slice(at, at + 2)
    const item = translate(open)
    if (item !== null) done += item + separator
    open = item === null ? open + separator + next : next
  }
  return done + (translate(open) ?? open)
}
