/** Why an update did not happen; whatever it is, the installed version goes on. */
export type UpdateProblem =
  | 'feed_unreachable'
  | 'signature_wrong'
  | 'manifest_invalid'
  | 'version_older'
  | 'taken_back'
  | 'package_truncated'
  | 'checksum_wrong'
  | 'no_way_back'
  | 'publish_failed'

/** Recognise it by `problem`. The message names no token and no key. */
export class UpdateRefusal extends Error {
  readonly problem: UpdateProblem

  constructor(problem: UpdateProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UpdateRefusal'
    this.problem = problem
  }
}

export function isUpdateRefusal(error: unknown): error is UpdateRefusal {
  return error instanceof Error && error.name === 'UpdateRefusal'
}
