/** From a setting's text to its value: one zod schema per kind of setting. The texts arrive trimmed. */
import * as z from 'zod'
import { isLoopback } from './loopback.ts'
import { parseSchedule } from './schedule.ts'

/** A schema that reads the text of a setting. */
export type TextSchema<T> = z.ZodType<T, string>

export interface RateLimit {
  readonly requests: number
  readonly seconds: number
}

/** Addresses and domains of Zivver accounts that are never changed. */
export interface TargetFilter {
  readonly addresses: readonly string[]
  readonly domains: readonly string[]
}

const domainPattern = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/
const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Makes a schema from a function that returns a value, or what is wrong with the text. */
function read<T>(parse: (text: string) => { value: T } | { fault: string }): TextSchema<T> {
  return z.string().transform((text, context) => {
    const result = parse(text)
    if ('value' in result) return result.value
    context.addIssue(result.fault)
    return z.NEVER
  })
}

/** A text that matches, in lower case. */
function lowerCase(pattern: RegExp, fault: string) {
  return read((text) => {
    const value = text.toLowerCase()
    return pattern.test(value) ? { value } : { fault }
  })
}

export const guid = lowerCase(
  guidPattern,
  'must be a GUID, as in 3f0c8a52-6c1d-4a1e-9f55-0d7a4b8e2c11',
)
export const domain = lowerCase(
  domainPattern,
  'must be a domain name, as in contoso.example (international names in their xn-- form)',
)

export const address = read((text) => {
  const value = text.toLowerCase()
  return isAddress(value)
    ? { value }
    : { fault: 'must be an email address, as in anna@contoso.example' }
})

/** True for a lower-case address whose domain could exist. */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  return (
    /^[^\s@,;<>"\p{Cc}]{1,64}$/u.test(text.slice(0, Math.max(at, 0))) &&
    domainPattern.test(text.slice(at + 1))
  )
}

export const boolean = read((text) => {
  if (/^(?:true|1)$/i.test(text)) return { value: true }
  if (/^(?:false|0)$/i.test(text)) return { value: false }
  return { fault: 'must be True or False' }
})

/** One word of a fixed set; case does not matter. */
export function oneOf<const T extends string>(words: readonly T[]): TextSchema<T> {
  return read((text) => {
    const value = words.find((word) => word.toLowerCase() === text.toLowerCase())
    return value === undefined ? { fault: `must be one of ${words.join(', ')}` } : { value }
  })
}

export function wholeNumber(min: number, max: number): TextSchema<number> {
  return read((text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN
    return value >= min && value <= max
      ? { value }
      : { fault: `must be a whole number from ${min} to ${max}` }
  })
}

export function number(min: number, max: number): TextSchema<number> {
  return read((text) => {
    const value = decimal(text)
    return value >= min && value <= max
      ? { value }
      : { fault: `must be a number from ${min} to ${max}` }
  })
}

function decimal(text: string): number {
  return /^\d{1,9}(?:\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN
}

/** `requests/seconds`, as in `50/10`. */
export const rateLimit: TextSchema<RateLimit> = read((text) => {
  const [requests, seconds, ...rest] = text.split('/').map((part) => decimal(part.trim()))
  const known = requests !== undefined && seconds !== undefined && rest.length === 0
  if (!known || !Number.isInteger(requests) || requests < 1 || !(seconds > 0) || seconds > 3600) {
    return { fault: 'must be requests/seconds, as in 50/10' }
  }
  return { value: { requests, seconds } }
})

/** A comma-separated list: blanks and empty items are ignored, doubles are dropped, the order stays. */
export function listOf<T extends string>(item: TextSchema<T>): TextSchema<readonly T[]> {
  return read((text) => {
    const values = new Set<T>()
    const faults: string[] = []
    for (const part of itemsOf(text)) {
      const result = item.safeParse(part)
      if (result.success) values.add(result.data)
      else faults.push(`item "${clip(part)}" ${faultOf(result.error)}`)
    }
    return faults.length > 0 ? { fault: faults.join('; ') } : { value: [...values] }
  })
}

/** A list that needs at least one item. */
export function someOf<T extends string>(item: TextSchema<T>): TextSchema<readonly T[]> {
  return listOf(item).refine((items) => items.length > 0, 'must name at least one')
}

export const targetFilter: TextSchema<TargetFilter> = read((text) => {
  const items = itemsOf(text).map((item) => item.toLowerCase())
  const addresses = items.filter(isAddress)
  const domains = items.filter((item) => domainPattern.test(item))
  const fault = items.find((item) => !addresses.includes(item) && !domains.includes(item))
  if (fault !== undefined)
    return { fault: `item "${clip(fault)}" must be an address or a domain name` }
  return { value: { addresses: [...new Set(addresses)], domains: [...new Set(domains)] } }
})

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** A base URL without its closing slash. Plain http is for loopback hosts only (contract, section 2). */
export const baseUrl = read((text) => {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol))
    return { fault: 'must be a https:// address' }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return {
      fault: 'must begin with https://; plain http is accepted for this machine (loopback) only',
    }
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    return { fault: 'must be an address without user name, query or fragment' }
  }
  return { value: url.href.replace(/\/+$/, '') }
})

/** A key that travels in a header: visible ASCII in one piece. */
export const headerSecret = read((text) =>
  /^[\x21-\x7e]+$/.test(text)
    ? { value: text }
    : { fault: 'holds a blank, a line break or a letter outside ASCII: copy the key again' },
)

/** `endpoint=https://…/;accesskey=…`, in any order; the SDK wants this one. */
export const emailConnectionString = read((text) => {
  const parts = new Map(
    text.split(';').map((part) => {
      const equals = part.indexOf('=')
      return [
        part.slice(0, Math.max(equals, 0)).trim().toLowerCase(),
        part.slice(equals + 1).trim(),
      ]
    }),
  )
  const endpoint = baseUrl.safeParse(parts.get('endpoint') ?? '')
  const accessKey = parts.get('accesskey') ?? ''
  if (!endpoint.success) {
    return { fault: `must be "endpoint=…;accesskey=…"; its endpoint ${faultOf(endpoint.error)}` }
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(accessKey)) {
    return { fault: 'must be "endpoint=…;accesskey=…"; its access key is missing or is not base64' }
  }
  return { value: `endpoint=${endpoint.data}/;accesskey=${accessKey}` }
})

export const schedule = read((text) => {
  const check = parseSchedule(text)
  return check.ok ? { value: check.schedule.text } : { fault: check.message }
})

export const timeZone = read((text) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text }).format()
    return { value: text }
  } catch {
    return { fault: 'must be an IANA time zone, as in Europe/Amsterdam' }
  }
})

export const plainText: TextSchema<string> = read((text) => ({ value: text }))

/** A blank text is `null`. */
export function orNull<T>(schema: TextSchema<T>): TextSchema<T | null> {
  return read<T | null>((text) => {
    if (text === '') return { value: null }
    const result = schema.safeParse(text)
    return result.success ? { value: result.data } : { fault: faultOf(result.error) }
  })
}

/** What a schema says is wrong, without the value. */
export function faultOf(error: z.ZodError): string {
  return error.issues.map((issue) => issue.message).join('; ')
}

/** Long items are cut, so that a pasted file does not fill the report. */
function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
