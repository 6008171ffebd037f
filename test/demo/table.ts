/** One row of a table: words on the left, numbers on the right. */
export interface Row {
  readonly words: readonly string[]
  readonly numbers: readonly number[]
}

/**
 * Lines of a table without borders: the columns of words left-aligned, those of numbers right-aligned, a zero as a dash.
 * @param headings of the columns of numbers
 */
export function table(rows: readonly Row[], headings: readonly string[] = []): string[] {
  const cells = rows.map(({ words, numbers }) => [...words, ...numbers.map(shown)])
  const wordColumns = rows[0]?.words.length ?? 0
  const head = headings.length === 0 ? [] : [[...words(wordColumns), ...headings]]
  const all = [...head, ...cells]
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  )
  return all.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return column < wordColumns ? cell.padEnd(width) : cell.padStart(width)
      })
      .join('  ')
      .trimEnd(),
  )
}

const words = (count: number): string[] => Array.from({ length: count }, () => '')
const shown = (value: number): string => (value === 0 ? '–' : String(value))
