import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { sendHttp } from '../../../core/adapters/http/http-client.ts'

const timeoutMs = 150

/** A server that takes connections and does this with each; `closed` resolves when the client has given one up. */
async function upstream(serve: (socket: Socket) => void) {
  const { promise: closed, resolve } = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    socket.on('error', () => undefined).once('close', resolve)
    serve(socket)
    // Who does not read never sees the end.
    socket.resume()
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => void server.close())
  return { port: (server.address() as AddressInfo).port, closed }
}

/** Sends a byte every few milliseconds, for ever. */
function trickle(socket: Socket, byte: string): void {
  const timer = setInterval(() => socket.write(byte), 10)
  socket.once('close', () => clearInterval(timer))
}

const answerTo = (act: (socket: Socket) => void) => (socket: Socket) =>
  void socket.once('data', () => act(socket))

// Failure story 20: a hang for weeks without an error. However little comes, and however often, the whole call has one deadline.
test.each<[string, 'http' | 'https', (socket: Socket) => void]>([
  ['accepts and says nothing', 'http', () => undefined],
  ['accepts and never begins to speak TLS', 'https', () => undefined],
  [
    'sends headers without end, byte by byte',
    'http',
    answerTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nx-patience: ')
      trickle(socket, 'a')
    }),
  ],
  [
    'sends a body without end, byte by byte',
    'http',
    answerTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n')
      trickle(socket, '1\r\n \r\n')
    }),
  ],
  [
    'sends a body without end after an error, byte by byte',
    'http',
    answerTo((socket) => {
      socket.write('HTTP/1.1 503 Busy\r\ncontent-length: 1000000\r\n\r\n')
      trickle(socket, 'x')
    }),
  ],
])('a call to an upstream that %s ends at its deadline, and is closed', async (_, scheme, act) => {
  const { port, closed } = await upstream(act)
  const started = performance.now()
  const url = `${scheme}://127.0.0.1:${port}/scim/v2/Users?filter=secret`
  const call = sendHttp({ method: 'GET', url, headers: {}, timeoutMs })
  await expect(call).rejects.toMatchObject({
    kind: 'timeout',
    message: `GET 127.0.0.1:${port}/scim/v2/Users gave no complete answer within 0.15 s`,
  })
  expect(performance.now() - started).toBeLessThan(2_000)
  await closed
})
