import { VirtualClock } from '@org/core'
import ccxt from 'ccxt'
import {
  ccxtConfig,
  type ExchangeSimulator,
  type ExchangeSimulatorOptions,
  startExchangeSimulator,
} from '../src/index.ts'

/** Unmodified ccxt. */
export type CcxtBinance = InstanceType<typeof ccxt.binance>

/** What a story is told with. */
export interface StoryTools {
  readonly simulator: ExchangeSimulator
  readonly clock: VirtualClock
  /** ccxt with the first account's key, markets loaded. */
  readonly exchange: CcxtBinance
  /** ccxt with another account's key. */
  client(account: string): CcxtBinance
}

/** Runs a story on a simulator of its own, on virtual time. */
export async function onExchange(
  story: (tools: StoryTools) => Promise<void>,
  options: Partial<ExchangeSimulatorOptions> = {},
): Promise<void> {
  const clock = new VirtualClock()
  await using simulator = await startExchangeSimulator({ clock, seed: 7, ...options })
  const client = (account?: string) =>
    new ccxt.binance(
      ccxtConfig(
        { ...simulator, ...(account === undefined ? {} : simulator.credentials(account)) },
        { clock, enableRateLimit: false },
      ),
    )
  const exchange = client()
  await exchange.loadMarkets()
  await story({ simulator, clock, exchange, client })
}
