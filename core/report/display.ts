/** How text that somebody else wrote (names, addresses, upstream answers) is shown: visible, bounded, escaped. */

// Bidirectional controls reorder the text around them; the others show nothing at all. ZWJ and ZWNJ stay: emoji and
// Persian need them.
const treacherous =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** The text with every invisible or reordering character spelled out, as in `⟨U+202E⟩`. */
export function spelledOut(text: string): string {
  return text.replace(treacherous, spell)
}

/** As `spelledOut`, on one line: a name with a line break must not look like a line of the report. */
function visible(text: string): string {
  return spelledOut(text)
    .replace(/[\t\r\n]+/g, ' ')
    .replace(/\p{Cc}/gu, spell)
    .replace(/\p{Cs}/gu, '\ufffd')
}

function spell(character: string): string {
  return `⟨U+${codePointOf(character)}⟩`
}

function codePointOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

// A character is seldom longer: the rest of a longer text need not be looked at.
const unitsPerCharacter = 16

/** At most `length` characters as a reader counts them, made visible first; `…` stands for what is missing. */
export function shown(text: string, length = 80): string {
  const start = text.slice(0, length * unitsPerCharacter)
  const clean = visible(start)
  const isCut = start.length < text.length
  if (!isCut && clean.length <= length) return clean
  // Most names are written in characters of one code unit each: finding graphemes takes a hundred times as long.
  const characters = latin.test(clean) ? clean : graphemesOf(clean, length + 1)
  if (!isCut && characters.length <= length) return joined(characters)
  return `${joined(characters.slice(0, length - 1))}…`
}

const latin = /^[ -\u02ff⟨⟩]*$/

function graphemesOf(text: string, atMost: number): string[] {
  const found: string[] = []
  for (const { segment } of graphemes.segment(text)) {
    // One character may carry any number of combining marks.
    found.push(segment.length > unitsPerCharacter ? '\ufffd' : segment)
    if (found.length === atMost) break
  }
  return found
}

function joined(characters: string | readonly string[]): string {
  return typeof characters === 'string' ? characters : characters.join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, for content and for quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '')
}
