import { createHash } from 'node:crypto'
import type { HttpResponseInit } from '@azure/functions'
import { textAnswer } from './answers.ts'
import { dashboardPage, dashboardScript } from './dashboard-page.ts'

// A report that the page opens inherits this policy: its own styles and inline images show, no script of it runs.
const contentSecurityPolicy = [
  "default-src 'none'",
  `script-src 'sha256-${createHash('sha256').update(dashboardScript).digest('base64')}'`,
  "style-src 'unsafe-inline'",
  'img-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** `GET /api/dashboard`: the page only; it fetches everything else with the key that it asks for. */
export function getDashboard(): HttpResponseInit {
  return textAnswer('text/html; charset=utf-8', dashboardPage, {
    headers: { 'content-security-policy': contentSecurityPolicy },
  })
}
