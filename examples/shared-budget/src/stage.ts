import type { VirtualClock } from '@org/core'
import { type ExchangeSimulator, startExchangeSimulator } from '@org/sim-exchange'
import { startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { Crowd } from './crowd.ts'

/** The two machines of the host: eight B200 each. */
export const machineIds = [61_001, 61_002] as const

/** Where a bot finds its markets, and the keys it has there. Plain data: it also travels to other processes. */
export interface Addresses {
  readonly north: ExchangeAddress
  readonly south: ExchangeAddress
  readonly vastai: { readonly baseUrl: string; readonly apiKey: string }
}

export type ExchangeAddress = Pick<ExchangeSimulator, 'url' | 'wsUrl' | 'apiKey' | 'secret'>

/** Two exchanges and a GPU marketplace on 127.0.0.1, and the people who make prices there. */
export interface Stage extends AsyncDisposable {
  readonly north: Crowd
  readonly south: Crowd
  readonly marketplace: VastAiSimulator
  readonly addresses: Addresses
}

/** Builds the markets at the clock's now. Nobody trades but {@link Crowd} and the bots, so that every price of the story is exact. */
export async function openStage(clock: VirtualClock): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const exchange = async (seed: number) => {
    const simulator = opened.use(
      await startExchangeSimulator({
        clock,
        seed,
        rateLimits: false,
        symbols: [
          { base: 'BTC', quote: 'USDT', stepSize: '0.000001', participants: false },
          { base: 'ETH', quote: 'USDT', stepSize: '0.0001', participants: false },
        ],
        accounts: {
          bots: { balances: { USDT: '100000', ETH: '5' }, makerFeeBps: 0, takerFeeBps: 0 },
          quoters: { balances: { USDT: '10000000', BTC: '100', ETH: '1000' } },
          takers: { balances: { USDT: '10000000', BTC: '100', ETH: '1000' } },
        },
      }),
    )
    return { address: addressOf(simulator), crowd: new Crowd(simulator, clock) }
  }
  const north = await exchange(1)
  const south = await exchange(2)
  const marketplace = opened.use(
    await startVastAiSimulator({
      clock,
      seed: 7,
      rateLimits: false,
      models: ['B200'],
      // Nobody rents them on that day: what they lose is what they cost while idle.
      machines: machineIds.map(id => ({ id, model: 'B200', gpuCount: 8, quality: -3, failuresPer30Days: 0 })),
    }),
  )
  const closing = opened.move()
  return {
    north: north.crowd,
    south: south.crowd,
    marketplace,
    addresses: {
      north: north.address,
      south: south.address,
      vastai: { baseUrl: marketplace.url, apiKey: marketplace.hostKey },
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  }
}

function addressOf({ url, wsUrl, credentials }: ExchangeSimulator): ExchangeAddress {
  return { url, wsUrl, ...credentials('bots') }
}
