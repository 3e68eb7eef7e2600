import { type Earnings as EarningsAnswer, earningsSchema } from '../wire/earnings.ts'
import { checkId, invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** What own machines earned. */
export class Earnings {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * Earnings from `fromDay` to `toDay`, both included, in days since 1970-01-01 UTC. Trust `per_machine` alone when one machine is asked
   * for: `per_day` may still count all.
   *
   * @example
   * const today = Math.floor(clock.now() / 86_400_000)
   * const { per_machine } = await client.earnings.get({ fromDay: today - 7, toDay: today })
   */
  async get(
    period: { readonly fromDay: number; readonly toDay: number; readonly machineId?: number | undefined },
    options?: RequestOptions,
  ): Promise<EarningsAnswer> {
    const { fromDay, toDay, machineId } = period
    if (!(fromDay >= 0 && toDay >= fromDay && toDay < 100_000))
      throw invalidInput(`expected fromDay and toDay in days since 1970, in order, were ${fromDay} and ${toDay}`)
    const machid = machineId === undefined ? null : checkId(machineId, 'machineId')
    const query = { owner: 'me', sday: fromDay, eday: toDay, machid }
    return this.#transport.call(endpoints.earnings, earningsSchema, { query }, options)
  }
}
