import { type Answer, type Call, textAnswer } from '../shared/call.ts'
import type { Outbox, OutboxAttachment, OutboxMail } from './outbox.ts'

/** The outbox for people: a list, each mail with its attachments, and its bare HTML and text. No key is asked. */
export function outboxPage(call: Call, outbox: Outbox): Answer {
  if (call.path === '/') return { status: 302, headers: { location: '/outbox' } }
  if (call.path === '/outbox') return listPage(outbox)
  const [, number, rest = ''] = /^\/outbox\/(\d+)(\.html|\.txt|\/.+)?$/.exec(call.path) ?? []
  const mail = outbox.mails.find((each) => each.number === Number(number))
  if (mail === undefined) return textAnswer(404, `no page ${call.path}`)
  if (rest === '') return mailPage(mail)
  if (rest === '.txt') return textAnswer(200, mail.text)
  if (rest === '.html') return bareHtml(mail)
  const attachment = mail.attachments.find((each) => rest === attachmentPath(each))
  return attachment === undefined ? textAnswer(404, `no attachment ${rest}`) : download(attachment)
}

const attachmentPath = ({ name }: OutboxAttachment) => `/attachments/${encodeURIComponent(name)}`

function listPage({ mails }: Outbox): Answer {
  const rows = mails.toReversed().map(
    (mail) => `<tr><td>${mail.number}</td><td>${escapeHtml(mail.receivedAt)}</td>
<td><a href="/outbox/${mail.number}">${escapeHtml(mail.subject)}</a></td>
<td>${escapeHtml(mail.to.join(', '))}</td><td>${mail.attachments.length}</td>
<td>${escapeHtml(statusOf(mail))}</td></tr>`,
  )
  const table = `<table><thead><tr><th>No.</th><th>Received (UTC)</th><th>Subject</th><th>To</th>
<th>Attachments</th><th>Status</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`
  return page('Outbox', mails.length === 0 ? '<p>No mail yet.</p>' : table)
}

function mailPage(mail: OutboxMail): Answer {
  const facts = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Cc', mail.cc.join(', ')],
    ['Bcc', mail.bcc.join(', ')],
    ['Reply to', mail.replyTo.join(', ')],
    ['Received (UTC)', mail.receivedAt],
    ['Status', statusOf(mail)],
  ].filter(([, value]) => value !== '')
  const list = facts.map(
    ([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`,
  )
  const base = `/outbox/${mail.number}`
  const links = mail.attachments.map(
    (each) => `<li><a href="${base}${attachmentPath(each)}">${escapeHtml(each.name)}</a>
(${escapeHtml(each.contentType)}, ${each.content.length} bytes)</li>`,
  )
  return page(
    mail.subject,
    `<dl>${list.join('')}</dl><ul>${links.join('')}</ul>
<p><a href="${base}.html">Bare HTML</a> <a href="${base}.txt">Text</a> <a href="/outbox">All mail</a></p>
<iframe sandbox title="Mail" srcdoc="${escapeHtml(mail.html)}"></iframe>`,
  )
}

function statusOf({ error }: OutboxMail): string {
  return error === null ? 'sent' : `failed: ${error.code}, ${error.message}`
}

// Sandboxed: what a mail program would not run, this page does not run either.
function bareHtml({ html }: OutboxMail): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': 'sandbox' },
    body: html,
  }
}

function download({ name, contentType, content }: OutboxAttachment): Answer {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
    },
    body: content,
  }
}

function page(title: string, body: string): Answer {
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 1rem}dd{margin:0;min-width:0;overflow-wrap:anywhere}
iframe{border:1px solid #ccc;width:100%;height:75vh}</style></head>
<body><h1>${escapeHtml(title)}</h1>${body}</body></html>`,
  }
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  }
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
