import { type CallOptions, describeError, type Logger } from '@org/core'
import { z } from 'zod'
import type { Instrument } from '../actions/views.ts'
import type { CcxtClient } from './ccxt-client.ts'
import { amount, readAnswer } from './read-answer.ts'
import { readInstrument } from './read-instrument.ts'

const feeSchema = z.object({ maker: amount, taker: amount })

/** Instruments with the fees of the account, which are asked for once for each symbol. */
export class Instruments {
  readonly #client: CcxtClient
  readonly #logger: Logger
  readonly #fees = new Map<string, { readonly makerFee: string; readonly takerFee: string } | undefined>()

  constructor(client: CcxtClient, logger: Logger) {
    this.#client = client
    this.#logger = logger
  }

  /** @throws {ExchangeError} `UNKNOWN_SYMBOL` with names that are near. */
  async require(symbol: string, options: CallOptions = {}): Promise<void> {
    await this.#client.loadMarkets(options)
    readInstrument(this.#client.exchange, symbol)
  }

  /** @throws {ExchangeError} `UNKNOWN_SYMBOL` with names that are near. */
  async get(symbol: string, options: CallOptions = {}): Promise<Instrument> {
    await this.#client.loadMarkets(options)
    // An unknown symbol is refused before anything is asked about it.
    const standard = readInstrument(this.#client.exchange, symbol)
    if (!this.#fees.has(symbol)) this.#fees.set(symbol, await this.#ownFees(symbol, options))
    const own = this.#fees.get(symbol)
    return own === undefined ? standard : readInstrument(this.#client.exchange, symbol, own)
  }

  async #ownFees(symbol: string, options: CallOptions) {
    const { exchange, hasCredentials } = this.#client
    if (!hasCredentials || exchange.has['fetchTradingFee'] !== true) return undefined
    try {
      const answer = await this.#client.read('fetchTradingFee', each => each.fetchTradingFee(symbol), options)
      const { maker, taker } = readAnswer(exchange.id, `fees of ${symbol}`, feeSchema, answer)
      return { makerFee: maker, takerFee: taker }
    } catch (error) {
      if (options.signal?.aborted === true) throw error
      this.#logger.warn({ symbol }, `the account's fees are not known, standard ones are used: ${describeError(error)}`)
      return undefined
    }
  }
}
