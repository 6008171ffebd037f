import type { HttpResponseInit } from '@azure/functions'
import { dashboardPage, dashboardPolicy } from '../core/dashboard/dashboard-page.ts'
import { textAnswer } from './answers.ts'

/** `GET /api/dashboard`: the page only; it fetches everything else with the key that it asks for. */
export function getDashboard(): HttpResponseInit {
  return textAnswer('text/html; charset=utf-8', dashboardPage, {
    headers: { 'content-security-policy': dashboardPolicy },
  })
}
