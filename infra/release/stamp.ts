import * as z from 'zod'

/** What a release knows and the template cannot. */
export interface ReleaseAddresses {
  /** Of the package; it must answer without a redirect. */
  readonly packageUri: string
  readonly updateFeed: string
  readonly updatePublicKey: string
}

const templateSchema = z.looseObject({
  parameters: z.record(z.string(), z.looseObject({ defaultValue: z.unknown().optional() })),
})

/**
 * Makes the addresses of a release the defaults of the template's parameters, so that the form need not ask for them.
 * @param template text of `azuredeploy.json`
 * @throws Error when the template has no such parameter
 */
export function stampTemplate(template: string, addresses: ReleaseAddresses): string {
  const stamped = templateSchema.parse(JSON.parse(template))
  for (const [name, value] of Object.entries(addresses)) {
    const parameter = stamped.parameters[name]
    if (parameter === undefined) throw new Error(`the template has no parameter ${name}`)
    parameter.defaultValue = value
  }
  return `${JSON.stringify(stamped, null, 2)}\n`
}
