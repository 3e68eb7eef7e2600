import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import { type PriceIncrease, priceIncreasesSchema } from '../wire/price-increase.ts'
import { checkId } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import type { RequestOptions, Transport } from './transport.ts'

/** Hosts' requests to raise the price of running instances. */
export class PriceIncreases {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Requests that wait for an answer. */
  async list(options?: RequestOptions): Promise<readonly PriceIncrease[]> {
    const answer = await this.#transport.call(endpoints.pendingPriceIncreases, priceIncreasesSchema, {}, options)
    return answer.pending_price_increases
  }

  /** Accepts one: the instance is extended, and costs more from its present end on. @throws {VastAiNotFoundError} when it is stale. */
  async accept(pendingPriceIncreaseId: number, options?: RequestOptions): Promise<void> {
    const body = { pending_price_increase_id: checkId(pendingPriceIncreaseId, 'pendingPriceIncreaseId') }
    await this.#transport.call(endpoints.acceptPriceIncrease, acknowledgementSchema, { body }, options)
  }

  /** Rejects one: the instance keeps its price and ends at its present end. @throws {VastAiNotFoundError} when it is stale. */
  async reject(pendingPriceIncreaseId: number, options?: RequestOptions): Promise<void> {
    const body = { pending_price_increase_id: checkId(pendingPriceIncreaseId, 'pendingPriceIncreaseId') }
    await this.#transport.call(endpoints.rejectPriceIncrease, acknowledgementSchema, { body }, options)
  }
}
