/** A bug to be planted: exactly one place of one file gets another text. */
export interface Mutant {
  /** What the bug is, for the table. */
  readonly name: string
  readonly file: string
  /** Found exactly once in the file, or the catalogue is out of date. */
  readonly search: string
  readonly replace: string
}

/**
 * The file with the bug.
 * @throws Error when the text is not found exactly once: the code has moved on, and the mutant with it
 */
export function plant({ name, file, search, replace }: Mutant, source: string): string {
  const parts = source.split(search)
  if (parts.length === 2) return parts.join(replace)
  throw new Error(
    `mutant "${name}": its text is in ${file} ${parts.length - 1} times, not once: ${search}`,
  )
}

/** Mutants of one file, as `[name, search, replace]`. */
export function mutantsOf(
  file: string,
  rows: readonly (readonly [name: string, search: string, replace: string])[],
): readonly Mutant[] {
  return rows.map(([name, search, replace]) => ({ name, file, search, replace }))
}
