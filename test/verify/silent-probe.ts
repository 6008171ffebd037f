import type { ExchangeAnswer, TenantProbe } from '../../core/verify/probe.ts'

const nothing: ExchangeAnswer = {
  status: null,
  headers: {},
  json: undefined,
  durationMs: 0,
  cookie: '',
}

/** Services that never answer, and what they were asked. */
export class SilentProbe implements TenantProbe {
  readonly asked: string[] = []
  /** Called before each answer. */
  onAsked: (what: string) => void = () => undefined

  rights = async () => {
    this.#note('rights')
    return { exchange: null, graph: null }
  }
  exchange = async () => this.#note('exchange')
  exchangeBatch = async () => this.#note('exchange')
  graph = async () => this.#note('graph')
  zivver = async (method: string) => this.#note(`zivver ${method}`)

  #note(what: string): ExchangeAnswer {
    this.asked.push(what)
    this.onAsked(what)
    return nothing
  }
}
