import type { Answer, Call } from '../../shared/call.ts'
import type { Random } from '../../shared/random.ts'

/** The affinity cookie of one HTTP call: the caller's, or one that is set when it was needed. */
export class Session {
  readonly #random: Random
  #cookie: string
  #isNew = false

  constructor(call: Call, random: Random) {
    this.#random = random
    this.#cookie = /X-BackEndCookie=([^;]+)/.exec(call.headers.cookie ?? '')?.[1] ?? ''
  }

  readonly cookie = (): string => {
    if (this.#cookie === '') {
      this.#cookie = this.#random.guid()
      this.#isNew = true
    }
    return this.#cookie
  }

  complete(answer: Answer): Answer {
    if (!this.#isNew) return answer
    const cookie = `X-BackEndCookie=${this.#cookie}; path=/; HttpOnly`
    return { ...answer, headers: { ...answer.headers, 'set-cookie': [cookie] } }
  }
}
