import { AutomationError, describeError, type Logger } from '@org/core'
import type { RateSource } from '../rates/rate-source.ts'

/** What assets are worth in the budget's base currency. */
export class AssetRates {
  readonly base: string
  readonly #source: RateSource
  readonly #logger: Logger
  readonly #newest = new Map<string, string>()

  constructor(source: RateSource, base: string, logger: Logger) {
    this.#source = source
    this.base = base
    this.#logger = logger
  }

  /** @throws {TradingError} `RATE_STALE`: new risk is not sized by a guess. */
  async now(asset: string): Promise<string> {
    if (asset === this.base) return '1'
    const { rate } = await this.#source.rate(asset, this.base)
    this.#newest.set(asset, rate)
    return rate
  }

  /** For what has happened already: the newest rate that was ever known, else `fallback`, which is told. */
  async orNewest(asset: string, fallback: string): Promise<string> {
    return (await this.newest(asset, `counted at ${fallback}`)) ?? fallback
  }

  /** The newest rate that was ever known; without one a warning, with what is done `otherwise`. */
  async newest(asset: string, otherwise: string): Promise<string | undefined> {
    try {
      return await this.now(asset)
    } catch (error) {
      const known = this.#newest.get(asset)
      if (known !== undefined) return known
      const code = AutomationError.isInstance(error) ? error.code : undefined
      this.#logger.warn({ code, asset }, `no rate of ${asset}, ${otherwise}: ${describeError(error)}`)
      return undefined
    }
  }
}
