/** The body of an answer: decompressed, bounded, as text or piece by piece. */
import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** Takes a body while it arrives, decompressed. */
export interface BodySink {
  /**
   * True when it works on each chunk for milliseconds: then other answers are looked at between two chunks. A system hands
   * out up to two megabytes in one turn, and nothing else would be sent or received meanwhile.
   */
  readonly isSlow?: boolean
  push(chunk: Buffer): void
}

const utf8 = new TextDecoder()

/** Gathers a body as text. */
export class TextBody implements BodySink {
  readonly #chunks: Buffer[] = []

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  /** The text so far, without a byte order mark. */
  text(): string {
    const [first] = this.#chunks
    if (first === undefined) return ''
    return utf8.decode(this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks))
  }
}

/**
 * Hands a body to its sink, up to a number of bytes. By events, not by iterating: 10,000 answers of a few hundred bytes
 * come in every run, and an iterator costs more than reading one of them.
 * @returns `too_large` when there is more; then the response is destroyed
 * @throws what went wrong on the connection, in the encoding or in the sink
 */
export function readBody(
  response: IncomingMessage,
  limit: number,
  sink: BodySink,
): Promise<'whole' | 'too_large'> {
  const body = decoded(response)
  let bytes = 0
  let hasEnded = false
  return new Promise((resolve, reject) => {
    // The decoder too: what has come already could be a thousand times as long.
    const stop = (): void => {
      response.destroy()
      body.destroy()
    }
    body.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength
      if (bytes > limit) {
        resolve('too_large')
        stop()
        return
      }
      try {
        sink.push(chunk)
      } catch (error) {
        reject(error)
        stop()
        return
      }
      if (sink.isSlow !== true) return
      body.pause()
      setImmediate(() => body.resume())
    })
    body.once('end', () => {
      hasEnded = true
      resolve('whole')
    })
    body.on('error', reject)
    body.once('close', () => {
      if (!hasEnded) reject(new Error('the answer broke off'))
    })
  })
}

function decoded(response: IncomingMessage): Readable {
  const decoder = decoderFor(response.headers['content-encoding'])
  if (decoder === null) return response
  response.once('error', (error) => decoder.destroy(error))
  response.once('close', () => {
    if (!response.complete) decoder.destroy()
  })
  return response.pipe(decoder)
}

function decoderFor(encoding: string | undefined) {
  switch ((encoding ?? '').trim().toLowerCase()) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    case undefined:
    default:
      return null
  }
}
