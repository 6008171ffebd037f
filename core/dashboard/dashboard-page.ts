import { createHash } from 'node:crypto'
import { reportPageHashes } from '../report/report-page.ts'
import { body, script, style } from './dashboard-assets.generated.ts'

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`
}

/**
 * The policy that the dashboard is served with. A report that it opens in a tab of its own inherits it, so the
 * report's script and style are allowed here too.
 */
export const dashboardPolicy = [
  "default-src 'none'",
  `script-src ${hashOf(script)} ${reportPageHashes.script}`,
  `style-src ${hashOf(style)} ${reportPageHashes.style}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The dashboard: one page without data of its own. It asks for the function key, keeps it for the browser tab only
 * (sessionStorage) and sends it as a header, so that no address ever holds it. `#run=<id>` opens that run.
 */
export const dashboardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Cloud Sync</title>
<style>${style}</style>
</head>
<body>
${body}<script>${script}</script>
</body>
</html>
`
