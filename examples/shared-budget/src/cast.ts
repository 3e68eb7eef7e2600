import { type AnyVenue, dailyLoss, type RiskConstraint, type RiskManager } from '@org/core'
import { ccxtConfig } from '@org/sim-exchange'
import { fixedPrice, GpuCapacityOptimizer, type GpuConfig } from '@org/strategy-gpu-optimizer'
import { MomentumStrategy } from '@org/strategy-momentum'
import { SpreadArbitrageStrategy } from '@org/strategy-spread-arbitrage'
import { ExchangeVenue, fixedRates } from '@org/venue-trading'
import { VastAiVenue } from '@org/venue-vastai'
import { type Bot, startBot } from './bot.ts'
import { type Addresses, machineIds } from './stage.ts'

/** What all three may lose together between two midnights of Berlin. */
export const limits: readonly RiskConstraint[] = [dailyLoss({ limit: 500, timeZone: 'Europe/Berlin' })]

export type Role = 'momentum' | 'arbitrage' | 'gpu'

/** What a bot is given: the budget, and where its markets are. */
export interface Engagement {
  readonly risk: RiskManager
  readonly addresses: Addresses
}

const hourMs = 3_600_000

/** Puts a bot together and starts it. The same in one process and in three. */
export function engage(role: Role, engagement: Engagement): Promise<Bot> {
  return cast[role](engagement)
}

const cast = {
  /** Buys when the close goes up through a two-bar average; 500 under it, two true ranges, is its stop. */
  momentum: ({ risk, addresses }: Engagement) => {
    const strategy = new MomentumStrategy({
      venue: 'north',
      config: {
        scanIntervalMs: 60_000,
        customParams: {
          symbols: ['BTC/USDT'],
          timeframe: '1h',
          fastPeriod: 1,
          slowPeriod: 2,
          atrPeriod: 1,
          stopAtrs: 2,
          slippageMax: 0,
          riskPerTrade: 300,
          notionalMax: 40_000,
          sizeByBudget: 'max_daily_loss',
        },
      },
    })
    const reason = () => strategy.reasons.get('BTC/USDT') ?? ''
    return startBot({ strategy, reason, risk, venues: [exchange('north', { risk, addresses })] })
  },

  /** Buys ETH at one exchange and sells it at the other when they differ enough. */
  arbitrage: ({ risk, addresses }: Engagement) => {
    const strategy = new SpreadArbitrageStrategy({
      venues: ['north', 'south'],
      config: { scanIntervalMs: 1_000, customParams: { symbol: 'ETH/USDT', netBpsMin: 10, notionalMax: 3_000 } },
    })
    const venues = [exchange('north', { risk, addresses }), exchange('south', { risk, addresses })]
    return startBot({ strategy, reason: () => strategy.reason, risk, venues })
  },

  /** Lists two machines. What a listing can lose is what the machine costs until the next review, 20 hours later, if nobody rents it. */
  gpu: ({ risk, addresses }: Engagement) => {
    const strategy = new GpuCapacityOptimizer({
      gpus: machineIds.flatMap(machine),
      policy: fixedPrice(3.2),
      config: { scanIntervalMs: 20 * hourMs, customParams: { unlistOnShutdown: true } },
    })
    const venue = new VastAiVenue({ ...addresses.vastai, clock: risk.clock, store: risk.store, spacing: 'off' })
    const reason = () => machineIds.map(id => strategy.explain(id)?.reason).join(', ')
    return startBot({ strategy, reason, risk, venues: [venue] })
  },
} satisfies Record<Role, (engagement: Engagement) => Promise<Bot>>

/** Eight GPUs at a flat rate, power included: $200.00 in 20 hours for the first machine, $200.01 for the second. */
function machine(machineId: (typeof machineIds)[number]): readonly GpuConfig[] {
  const maintenanceCostPerHour = machineId === machineIds[0] ? 1.25 : 1.2500625
  return Array.from({ length: 8 }, (_, gpu) => ({
    gpuId: `${machineId}-${gpu}`,
    machineId,
    gpuModel: 'B200',
    vramGb: 180,
    cudaCores: 18_944,
    powerWatts: 1_000,
    idleWatts: 0,
    powerCostPerKwh: 0,
    maintenanceCostPerHour,
  }))
}

function exchange(id: 'north' | 'south', { risk, addresses }: Engagement): AnyVenue {
  const { clock, store } = risk
  return new ExchangeVenue({
    id,
    exchange: 'binance',
    config: ccxtConfig(addresses[id]),
    store,
    clock,
    rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
    // These exchanges throttle nobody, and waiting would move the time of the story.
    weightPerMinute: 1_000_000,
  })
}
