import { schemeOf } from './loopback.ts'

/**
 * The address of the dashboard's page, without a key and without a run.
 * @param hostName `WEBSITE_HOSTNAME`, as Azure and the local host give it
 * @returns `null` where the app does not know what it is called
 */
export function dashboardUrlOf(hostName: string | undefined): string | null {
  if (hostName === undefined || !/^[\w.:[\]-]+$/.test(hostName)) return null
  return `${schemeOf(hostName)}://${hostName}/api/dashboard`
}
