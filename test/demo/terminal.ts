import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** A step that takes a while. Exactly one of its ends must be called. */
export interface Task {
  /** Says what is being done now; shown on a terminal only. */
  update(text: string): void
  done(text: string, note?: string): void
  failed(text: string): void
}

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const frameMs = 80
const clearLine = '\r\u001b[2K'

/** Prints lines; on a terminal a running task has one line at the bottom that moves, elsewhere only its end is printed. */
export class Terminal {
  readonly #out: NodeJS.WriteStream

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  line(text = ''): void {
    this.#out.write(`${text}\n`)
  }

  /** @returns the text with colour, or as it is where there is none (no terminal, `NO_COLOR`) */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#out })
  }

  begin(title: string): Task {
    const began = performance.now()
    const live = this.#out.isTTY ? new LiveLine(this.#out, title) : null
    const end = (mark: string, text: string, note?: string) => {
      live?.end()
      const seconds = this.style('dim', ` (${((performance.now() - began) / 1000).toFixed(1)} s)`)
      this.line(`${mark} ${this.style('bold', title)}: ${text}${seconds}`)
      if (note !== undefined) this.line(`  ${note}`)
    }
    return {
      update: (text) => live?.update(text),
      done: (text, note) => end(this.style('green', '✓'), text, note),
      failed: (text) => end(this.style('red', '✗'), text),
    }
  }
}

/** The moving line of one task. */
class LiveLine {
  readonly #out: NodeJS.WriteStream
  readonly #title: string
  readonly #timer: NodeJS.Timeout
  #text = ''
  #frame = 0

  constructor(out: NodeJS.WriteStream, title: string) {
    this.#out = out
    this.#title = title
    this.#timer = setInterval(() => this.#draw(), frameMs).unref()
    this.#draw()
  }

  update(text: string): void {
    this.#text = text
  }

  end(): void {
    clearInterval(this.#timer)
    this.#out.write(clearLine)
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % spinner.length
    const text = `${spinner[this.#frame]} ${this.#title}${this.#text === '' ? '' : `: ${this.#text}`}`
    // A line that wraps could not be cleared.
    this.#out.write(clearLine + text.slice(0, Math.max(10, this.#out.columns - 1)))
  }
}

/** `██████░░░░ 60 of 100` */
export function progressBar(done: number, total: number, width = 24): string {
  const filled = total === 0 ? 0 : Math.round((width * done) / total)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${done} of ${total}`
}
