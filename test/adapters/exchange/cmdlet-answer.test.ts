import { describe, expect, test } from 'vitest'
import { classifyAnswer, type RawAnswer } from '../../../core/adapters/exchange/cmdlet-answer.ts'
import { failure, notFound, page, refusedCursor, tooManyConcurrent } from './exchange-answers.ts'

const now = new Date('2026-11-23T01:00:00Z')

function answer(status: number, body: unknown, headers: Record<string, string> = {}): RawAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    status,
    headers: new Headers(headers),
    body: typeof body === 'string' ? undefined : body,
    text,
    broken: false,
  }
}

const classOf = (raw: RawAnswer) => classifyAnswer(raw, now)
const nul = '\0'.repeat(4096)

/** An envelope whose parts are given one by one. */
const envelope = (error: unknown) => ({ error })

describe('rights', () => {
  test.each<[string, RawAnswer, string]>([
    ['401 without a body', answer(401, ''), 'unauthorized'],
    [
      '401 with JSON',
      answer(
        401,
        envelope({ code: 'Unauthorized', message: 'User is not allowed to call Get-Mailbox' }),
      ),
      'unauthorized',
    ],
    ['403 with NUL bytes', answer(403, nul), 'forbidden'],
    ['403 whose body could not be read', { ...answer(403, ''), broken: true }, 'forbidden'],
    [
      'the role is not supported, with 400',
      failureAnswer(
        400,
        'System.Exception',
        "The role assigned to application 0f1e isn't supported in this scenario.",
      ),
      'forbidden',
    ],
  ])('%s', (_, raw, status) => {
    expect(classOf(raw)).toEqual({ status })
  })
})

describe('a definite no', () => {
  const objectNotFound = 'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException'

  test.each<[string, RawAnswer, string]>([
    ['unknown object, 404', reply(notFound), 'not_found'],
    ['unknown object, 400', reply({ ...notFound, status: 400 }), 'not_found'],
    ['unknown object, 500', reply({ ...notFound, status: 500 }), 'not_found'],
    ['unknown object inside a 200', reply({ ...notFound, status: 200 }), 'not_found'],
    [
      'unknown object, only details',
      answer(404, envelope({ message: 'm', details: [{ message: `|${objectNotFound}|gone` }] })),
      'not_found',
    ],
    [
      'unknown object, details as JSON',
      answer(
        404,
        envelope({
          message: 'm',
          details: [
            {
              message: JSON.stringify({
                Message: 'gone',
                TypeName: objectNotFound,
                InnerError: null,
              }),
            },
          ],
        }),
      ),
      'not_found',
    ],
    [
      'unknown object, only the inner exception',
      answer(
        404,
        envelope({
          message: 'm',
          innererror: { internalexception: { type: objectNotFound, message: 'gone' } },
        }),
      ),
      'not_found',
    ],
    [
      'unknown object, only the header',
      answer(404, envelope({ message: 'm' }), { 'X-ExceptionType': objectNotFound }),
      'not_found',
    ],
    [
      '404 that does not name the exception',
      answer(404, envelope({ code: 'NotFound', message: "couldn't be found" })),
      'rejected',
    ],
    ['404 of something else than Exchange', answer(404, '<html>not here</html>'), 'rejected'],
    [
      'ambiguous identity',
      failureAnswer(
        400,
        'Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException',
        "'Reception' matches multiple entries.",
      ),
      'ambiguous',
    ],
    [
      'not a unique recipient',
      failureAnswer(400, 'System.Exception', "'x' doesn't represent a unique recipient."),
      'ambiguous',
    ],
    [
      'bad parameter',
      answer(
        400,
        envelope({
          message: 'Invalid Operation',
          details: [
            {
              message:
                '|Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException|Parameter set cannot be resolved. Bogus',
            },
          ],
        }),
      ),
      'rejected',
    ],
    [
      'bad parameter, 500',
      failureAnswer(
        500,
        'System.Management.Automation.ParameterTransformationException',
        'cannot convert',
      ),
      'rejected',
    ],
    [
      'missing identity',
      answer(400, envelope({ code: 'BadRequest', message: 'Invalid Operation' })),
      'rejected',
    ],
    ['refused cursor', reply(refusedCursor), 'cursor_refused'],
    ['an Exception inside a 200', answer(200, { Exception: 'it broke' }), 'rejected'],
    [
      'an ErrorRecord inside a 200',
      answer(200, { ErrorRecord: { Message: 'it broke' }, value: [] }),
      'rejected',
    ],
    [
      'errors beside the rows of a 200',
      answer(200, { ...page([]), '@adminapi.errors': ['one'] }),
      'rejected',
    ],
    ['JSON of another form', answer(200, { value: 'text' }), 'rejected'],
  ])('%s', (_, raw, kind) => {
    expect(classOf(raw)).toMatchObject({ status: 'failed', failure: { kind } })
  })

  test('is told by status and exception type, without a word of the body', () => {
    expect(classOf(reply(notFound))).toEqual({
      status: 'failed',
      failure: { kind: 'not_found', detail: 'HTTP 404, ManagementObjectNotFoundException' },
    })
  })
})

describe('worth another try', () => {
  test.each<[string, RawAnswer, boolean]>([
    ['429', answer(429, ''), true],
    ['503', answer(503, 'busy'), true],
    ['the concurrency text with 200', answer(200, tooManyConcurrent), true],
    ['the concurrency text with 400', answer(400, tooManyConcurrent), true],
    ['the concurrency text with 403', answer(403, tooManyConcurrent), true],
    [
      'the concurrency text inside JSON',
      failureAnswer(500, 'System.Exception', tooManyConcurrent),
      true,
    ],
    ['408', answer(408, ''), false],
    ['502', answer(502, '<html>'), false],
    ['504', answer(504, ''), false],
    ['500 without a known cause', answer(500, envelope({ message: 'Invalid Operation' })), false],
    ['500 without JSON', answer(500, 'oops'), false],
    ['200 without JSON', answer(200, '<html>sign in</html>'), false],
    ['200 whose body broke off', { ...answer(200, ''), broken: true }, false],
    ['400 whose body broke off', { ...answer(400, ''), broken: true }, false],
    [
      'a busy server with 400',
      failureAnswer(
        400,
        'Microsoft.Exchange.Data.Directory.ServerBusyException',
        'The server is busy.',
      ),
      false,
    ],
    [
      'a proxy that is not there',
      failureAnswer(500, 'System.Exception', 'CmdletProxyNotAvailableFailure'),
      false,
    ],
    [
      'a backend out of reach',
      failureAnswer(400, 'Microsoft.Exchange.BackendCommunicationException', 'x'),
      false,
    ],
    [
      'a transient fault',
      failureAnswer(400, 'Microsoft.Exchange.Data.Storage.TransientException', 'x'),
      false,
    ],
  ])('%s', (_, raw, tooMany) => {
    expect(classOf(raw)).toMatchObject({ status: 'again', tooMany, retryAfterSeconds: null })
  })

  test('after the time that the service names', () => {
    expect(classOf(answer(429, '', { 'Retry-After': '7' }))).toMatchObject({ retryAfterSeconds: 7 })
    const date = { 'Retry-After': 'Mon, 23 Nov 2026 01:00:09 GMT' }
    expect(classOf(answer(503, '', date))).toMatchObject({ retryAfterSeconds: 9 })
  })
})

describe('an answer with rows', () => {
  test.each<[string, unknown, unknown[]]>([
    ['a list', [{ a: 1 }], [{ a: 1 }]],
    ['a single object', { a: 1 }, [{ a: 1 }]],
    ['null', null, []],
    ['nothing', undefined, []],
  ])('whose value is %s', (_, value, rows) => {
    expect(classOf(answer(200, page(value)))).toEqual({
      status: 'answered',
      page: { rows, warnings: [], nextLink: null },
    })
  })

  test('has warnings and a next link; an empty link means that it is complete', () => {
    const link = 'https://outlook.office365.com/next'
    expect(classOf(answer(200, page([], link, ['careful'])))).toMatchObject({
      page: { warnings: ['careful'], nextLink: link },
    })
    expect(classOf(answer(200, page([], '')))).toMatchObject({ page: { nextLink: null } })
  })
})

function reply({ status, body }: { status?: number; body?: unknown }): RawAnswer {
  return answer(status ?? 200, body)
}

function failureAnswer(status: number, type: string, message: string): RawAnswer {
  return reply(failure(status, type, message))
}
