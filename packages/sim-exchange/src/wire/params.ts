import { parseUnits } from '../matching/units.ts'
import { refusals, WireError } from './wire-error.ts'

const decimalRange = '^([0-9]{1,20})(\\.[0-9]{1,20})?$'

/** What a request was called with. Reading throws the exchange's own refusals. */
export class Params {
  readonly #values: ReadonlyMap<string, string>

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /** From form-encoded texts; what comes later wins. */
  static parse(...texts: readonly string[]): Params {
    const values = new Map<string, string>()
    for (const text of texts) for (const [name, value] of new URLSearchParams(text)) values.set(name, value)
    return new Params(values)
  }

  get entries(): Iterable<readonly [string, string]> {
    return this.#values
  }

  /** Undefined when absent or empty. */
  optional(name: string): string | undefined {
    return this.#values.get(name) || undefined
  }

  required(name: string): string {
    const value = this.optional(name)
    if (value === undefined) throw refusals.missing(name)
    return value
  }

  /** Units of 1e-8. */
  units(name: string): bigint | undefined {
    const text = this.optional(name)
    if (text === undefined) return undefined
    const units = parseUnits(text)
    if (units === 'illegal') throw refusals.illegal(name, decimalRange)
    if (units === 'precision') throw refusals.precision(name)
    return units
  }

  requiredUnits(name: string): bigint {
    const units = this.units(name)
    if (units === undefined) throw refusals.missing(name)
    return units
  }

  integer(name: string): number | undefined {
    const text = this.optional(name)
    if (text === undefined) return undefined
    if (!/^\d{1,16}$/.test(text)) throw refusals.illegal(name, '^[0-9]{1,20}$')
    return Number(text)
  }

  /** How many rows are wanted. */
  limit(standard: number, max: number): number {
    const limit = this.integer('limit') ?? standard
    if (limit < 1) throw new WireError(-1130, "Data sent for parameter 'limit' is not valid.")
    return Math.min(limit, max)
  }

  choice<T extends string>(name: string, choices: readonly T[], refusal: WireError): T | undefined {
    const text = this.optional(name)
    if (text === undefined) return undefined
    const choice = choices.find(each => each === text)
    if (choice === undefined) throw refusal
    return choice
  }

  requiredChoice<T extends string>(name: string, choices: readonly T[], refusal: WireError): T {
    const choice = this.choice(name, choices, refusal)
    if (choice === undefined) throw refusals.missing(name)
    return choice
  }
}
