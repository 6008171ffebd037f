import { type Answer, jsonAnswer, textAnswer } from '../shared/call.ts'
import type { Options } from './options.ts'

/** A request that Zivver turns down; the texts are those of reference 3d where it knows one. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

export const refusals = {
  unknownId: (id: string, { unknownIdStatus }: Options) =>
    new Refusal(unknownIdStatus, `Unknown account with uuid: ${id}`),
  addressTaken: (owner: string, { duplicateStatus }: Options) =>
    new Refusal(duplicateStatus, `Error creating account: Address is already taken for ${owner}`),
  aliasTaken: (owner: string) =>
    new Refusal(400, `Error creating alias: Alias is already taken for ${owner}`),
  aliasIsGuest: (alias: string) =>
    new Refusal(400, `Error creating alias: Alias is a guest: ${alias}`),
  aliasDomain: (domain: string) =>
    new Refusal(400, `Error creating alias: Domain is not claimed: ${domain}`),
  outsideOrganization: () => new Refusal(400, 'Account is outside the organization'),
  division: (name: string) => new Refusal(400, `Invalid division: ${name}`),
  delegate: (address: string) => new Refusal(400, `Invalid delegate: ${address}`),
  request: (detail: string) => new Refusal(400, `Invalid request: ${detail}`),
} as const

/** A refusal on the wire. The shape of Zivver's own error bodies is not known (reference 6.5), so there are three. */
export function refusalAnswer(refusal: Refusal, format: Options['errorFormat']): Answer {
  return formats[format](refusal)
}

const formats: Readonly<Record<Options['errorFormat'], (refusal: Refusal) => Answer>> = {
  text: ({ status, message }) => textAnswer(status, message),
  json: ({ status, message }) => jsonAnswer(status, { code: status, message }),
  scim: ({ status, message }) =>
    jsonAnswer(status, {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      detail: message,
    }),
}
