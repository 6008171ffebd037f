/**
 * Another time of day, for the pictures of a month of nights: in this process by `setClock`, and preloaded into the host, which
 * finds the shift in its environment. Timers and durations go on as ever.
 */
const RealDate = Date
let shiftMs = Number(process.env['CLOCK_SHIFT_MS'] ?? 0)

class ShiftedDate extends RealDate {
  // Date's own overloads cannot be named in a subclass.
  constructor(...given: [] | [number | string | Date]) {
    if (given.length === 0) super(ShiftedDate.now())
    else super(...given)
  }

  static override now(): number {
    return RealDate.now() + shiftMs
  }
}

globalThis.Date = ShiftedDate as DateConstructor

/** @returns how far it is from now, in ms, for the environment of a host */
export function setClock(moment: Date): number {
  shiftMs = moment.getTime() - RealDate.now()
  return shiftMs
}
