/** Taking a mail apart, by means that share nothing with how it was made. */
import type { Attachment } from '../../core/ports.ts'

export interface Tag {
  readonly name: string
  readonly attributes: readonly string[]
  readonly style: string
  readonly text: string
}

/** Opening tags of an HTML text; the style block's content and comments are left out. */
export function tagsOf(html: string): Tag[] {
  const withoutStyle = html.replace(/<style>.*?<\/style>/gs, '<style></style>')
  return [...withoutStyle.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*>/gi)].map(
    ([text, name = '', attributes = '']) => ({
      name: name.toLowerCase(),
      attributes: [...attributes.matchAll(/([a-z-]+)(?:=|\s|$)/gi)].map(([, key = '']) => key),
      style: /style="([^"]*)"/.exec(attributes)?.[1] ?? '',
      text,
    }),
  )
}

export function attachmentNamed(attachments: readonly Attachment[], name: string): Attachment {
  const found = attachments.find((attachment) => attachment.name === name)
  if (found === undefined) {
    throw new Error(
      `no ${name} among ${attachments.map((attachment) => attachment.name).join(', ')}`,
    )
  }
  return found
}

export function textOf({ content }: Attachment): string {
  // A byte order mark is part of what was sent.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(content)
}
