import * as z from 'zod'
import { errorCodes, warningCodes } from '../errors.ts'
import { remedies } from '../report/remedies.ts'

/** The closed list of codes, with a remedy each, as the OpenAPI document shows it (contract, section 3). */
function codeSchema<const T extends readonly (keyof typeof remedies)[]>(codes: T, what: string) {
  return z.enum(codes).meta({
    description: what,
    'x-remedies': Object.fromEntries(codes.map((code) => [code, remedies[code].en])),
  })
}

export const errorCodeSchema = codeSchema(
  errorCodes,
  'Why a run or a change failed. The remedy of each code is in `x-remedies`.',
)

export const warningCodeSchema = codeSchema(
  warningCodes,
  'What an administrator should know. The remedy of each code is in `x-remedies`.',
)
