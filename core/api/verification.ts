import * as z from 'zod'

const fact = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])

/** What a question to the real services came to. */
export const verdictSchema = z.object({
  id: z.string().meta({ description: 'Stable: `exchange.paging`' }),
  assumption: z.string().meta({ description: 'What Cloud Sync relies on, as a statement' }),
  verdict: z.enum(['holds', 'fails', 'unclear', 'not_asked']).meta({
    description:
      '`holds`, `fails`: the services said so. `unclear`: they could not show it. `not_asked`: it takes a write',
  }),
  evidence: z.record(z.string(), fact).meta({
    description:
      'Numbers, statuses, and words of closed lists: never a name, an address, an id or a secret',
  }),
})

/** The file of evidence: of `POST /api/verify` and of `npm run verify`. */
export const evidenceSchema = z.object({
  made_by: z.string().meta({ description: 'Version of Cloud Sync' }),
  made_at: z.iso.datetime(),
  verdicts: z.array(verdictSchema),
})

export type Verdict = z.output<typeof verdictSchema>
export type Evidence = z.output<typeof evidenceSchema>
