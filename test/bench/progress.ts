/** What is going on, on the terminal: one line that changes; nothing where no terminal is. */
export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #began = performance.now()
  #prefix = ''

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream
  }

  begin(prefix: string): void {
    this.#prefix = prefix
    this.tell('starting')
  }

  tell(text: string): void {
    if (!this.#stream.isTTY) return
    const seconds = Math.round((performance.now() - this.#began) / 1000)
    const line = `${seconds} s  ${this.#prefix}: ${text}`
    this.#stream.write(`\r\u001b[K${line.slice(0, this.#stream.columns - 1)}`)
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
  }
}
