import * as z from 'zod'
import type { RegisteredFunction } from '../worker/registry.ts'
import { parseRoute } from './routes.ts'
import type { HttpFunction } from './server.ts'

const schema = z.object({
  route: z.string().optional(),
  methods: z.array(z.string().transform((method) => method.toUpperCase())),
  authLevel: z.enum(['anonymous', 'function', 'admin']),
})

/** @throws Error for a route that the local host does not know */
export function bindHttp(fn: RegisteredFunction): HttpFunction {
  const { route, methods, authLevel } = schema.parse(fn.trigger)
  return { fn, route: parseRoute(route ?? fn.name), methods: new Set(methods), authLevel }
}
