/** How the text of a trustee is written; the text itself is nobody's business. */
export type TrusteeShape = 'self' | 'address' | 'guid' | 'sid' | 'domain_name' | 'name' | 'empty'

export function shapeOf(text: string): TrusteeShape {
  const trimmed = text.trim()
  if (trimmed === '') return 'empty'
  if (/^nt authority\\/i.test(trimmed)) return 'self'
  if (/^s-1-5-10$/i.test(trimmed)) return 'self'
  if (/^s-1-\d+(-\d+)+$/i.test(trimmed)) return 'sid'
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(trimmed)) return 'guid'
  if (/^[^\s@\\]+@[^\s@]+$/.test(trimmed)) return 'address'
  return trimmed.includes('\\') ? 'domain_name' : 'name'
}
