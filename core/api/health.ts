import * as z from 'zod'

/** What `/api/health` looks at, in this order (contract, section 3). */
export const checkNames = [
  'settings',
  'storage',
  'identity',
  'exchange',
  'graph',
  'zivver',
  'email',
  'schedule',
  'version',
] as const
export type CheckName = (typeof checkNames)[number]

export const checkSchema = z.object({
  name: z.enum(checkNames),
  status: z
    .enum(['ok', 'warning', 'failing', 'unknown'])
    .meta({ description: '`unknown`: another fault kept this from being checked' }),
  message: z.string(),
  remedy: z.string().optional(),
})

export const healthSchema = z.object({
  status: z.enum(['ok', 'failing']).meta({ description: '`failing` as soon as one check is' }),
  checks: z.array(checkSchema),
})

export type HealthCheck = z.output<typeof checkSchema>
export type Health = z.output<typeof healthSchema>
