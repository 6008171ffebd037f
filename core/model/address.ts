/** The domain of an address, lower case; `''` when there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf('@')
  return at === -1 ? '' : address.slice(at + 1).toLowerCase()
}

/** True when an address, in lower case, is in one of the domains. */
export function isInDomain(address: string, domains: ReadonlySet<string>): boolean {
  const at = address.lastIndexOf('@')
  return at !== -1 && domains.has(address.slice(at + 1))
}

/** The form in which names and addresses are compared: case alone is never a difference (contract, section 5). */
export function fold(text: string): string {
  return text.trim().normalize('NFC').toLowerCase()
}

/** True when both texts are the same in that form; most are the same as they stand. */
export function sameText(left: string, right: string): boolean {
  return left === right || fold(left) === fold(right)
}

/** True when both lists hold the same strings in the same order. */
export function sameList(left: readonly string[], right: readonly string[]): boolean {
  if (left === right) return true
  return left.length === right.length && left.every((item, index) => item === right[index])
}

/** Stable order by code unit, independent of locale. */
export function byText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
