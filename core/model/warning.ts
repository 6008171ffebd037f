import type { WarningCode } from '../errors.ts'

/** Something an administrator should know; its remedy is found by its code. */
export interface Warning {
  readonly code: WarningCode
  readonly message: string
  /** The address it is about, where it is about one. */
  readonly address?: string
}
