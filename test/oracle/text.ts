/** The few things the oracle knows about texts. */

export const lower = (text: string): string => text.toLowerCase()

export const domainOf = (address: string): string =>
  lower(address.slice(address.lastIndexOf('@') + 1))

/** Case alone is never a difference. */
export const isSameText = (one: string, other: string): boolean =>
  lower(one.trim()) === lower(other.trim())

export const isGuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)

/** The mail addresses among proxy addresses, lower case. */
export function smtpAddressesOf(proxies: readonly string[]): readonly string[] {
  const smtp = proxies.filter((proxy) => lower(proxy).startsWith('smtp:'))
  return smtp.map((proxy) => lower(proxy.slice('smtp:'.length)))
}

/** Sorted, each item once. */
export function sorted(items: Iterable<string>): readonly string[] {
  return [...new Set(items)].sort()
}
