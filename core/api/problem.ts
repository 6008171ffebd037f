import * as z from 'zod'

/** One wrong input, by the name of the flag, parameter or field. */
const inputErrorSchema = z.object({ name: z.string(), message: z.string() })

export type InputError = z.output<typeof inputErrorSchema>

/** RFC 9457 problem details; `about:blank` says that the status alone tells the kind of problem (section 4.2.1). */
export const problemSchema = z.object({
  type: z.literal('about:blank'),
  title: z.string().meta({ description: "The status's phrase" }),
  status: z.int(),
  detail: z.string(),
  errors: z.array(inputErrorSchema).optional(),
  active_run: z.string().optional().meta({ description: 'The run that is queued or running' }),
})

export type Problem = z.output<typeof problemSchema>

const titles = {
  400: 'Bad Request',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Content Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const

export type ProblemStatus = keyof typeof titles

/** A problem with the title that belongs to its status. */
export function problemOf(
  status: ProblemStatus,
  detail: string,
  extra: Pick<Problem, 'errors' | 'active_run'> = {},
): Problem {
  return problemSchema.parse({
    type: 'about:blank',
    title: titles[status],
    status,
    detail,
    ...extra,
  })
}
