/** Three bots of two domains over the same made-up history, on one daily loss limit: `node … main.ts [--days 30] [--report report.html]`. */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { reportHtml, runBacktest, summaryText } from '@org/backtest'
import { dailyLoss, exposure, seededRandom } from '@org/core'
import { startVastAiSimulator } from '@org/sim-vastai'
import { GpuCapacityOptimizer } from '@org/strategy-gpu-optimizer'
import { MomentumStrategy } from '@org/strategy-momentum'
import { SpreadArbitrageStrategy } from '@org/strategy-spread-arbitrage'
import { VastAiVenue } from '@org/venue-vastai'
import { hourlyBars, twoPlaces } from './made-up-prices.ts'

const { values } = parseArgs({ options: { days: { type: 'string', default: '30' }, report: { type: 'string' } } })
const days = Number(values.days)
const start = Date.UTC(2026, 6, 1)
const random = seededRandom(7)
const bars = hourlyBars(random, start, days * 24)
const scanIntervalMs = 600_000
const [north, south] = twoPlaces(random, start, days * 144, scanIntervalMs)

const momentum = new MomentumStrategy({
  venue: 'exchange',
  config: { scanIntervalMs: 3_600_000, customParams: { symbols: ['LEMON/USD'], riskPerTrade: 40, notionalMax: 5_000 } },
})
const arbitrage = new SpreadArbitrageStrategy({
  venues: ['north', 'south'],
  config: {
    scanIntervalMs,
    minExpectedProfit: 0.2,
    customParams: { symbol: 'PEAR/USD', netBpsMin: 2, notionalMax: 300 },
  },
})
const gpu = {
  gpuModel: 'RTX_4090',
  vramGb: 24,
  cudaCores: 16_384,
  powerWatts: 450,
  idleWatts: 30,
  powerCostPerKwh: 0.12,
}
const host = new GpuCapacityOptimizer({
  gpus: [{ gpuId: 'gpu_001', machineId: 61_001, maintenanceCostPerHour: 0.02, ...gpu }],
  config: { scanIntervalMs },
})

await using stack = new AsyncDisposableStack()
const result = await runBacktest({
  strategies: [momentum, arbitrage, host],
  venues: [
    {
      id: 'exchange',
      priceStep: '0.01',
      feeds: [{ symbol: 'LEMON/USD', timeframe: '1h', bars }],
      broker: { cash: 10_000, commission: 0.0005 },
    },
    ...(
      [
        ['north', north],
        ['south', south],
      ] as const
    ).map(([id, quotes]) => ({
      id,
      priceStep: '0.01',
      feeds: [{ symbol: 'PEAR/USD', quotes }],
      broker: { cash: 5_000, inventoryUnits: 100, commission: 0.0002, fillAt: 'same-close' as const },
    })),
  ],
  // The GPU market is a simulator on the clock of the run, spoken to by the real client.
  otherVenues: async clock => {
    const machines = [{ id: 61_001, model: 'RTX_4090', gpuCount: 1 }]
    const simulator = stack.use(
      await startVastAiSimulator({ clock, seed: 7, startMs: clock.now(), models: ['RTX_4090'], machines }),
    )
    return [new VastAiVenue({ apiKey: simulator.hostKey, baseUrl: simulator.url, clock })]
  },
  constraints: [dailyLoss({ limit: 120 }), exposure({ limit: 14_000 })],
})

console.log(summaryText(result))
for (const { strategy, trades, profit } of perStrategy())
  console.log(`${strategy}: ${trades} trades, ${profit.toFixed(2)}`)
console.log(`${host.id}: ${host.kpis().netProfit} from its machine`)
console.log(`booked by all on the one budget: ${result.booked.at(-1)?.result.toFixed(2)}`)
if (values.report !== undefined) {
  const prices = { venueId: 'exchange', symbol: 'LEMON/USD', bars }
  await writeFile(
    values.report,
    reportHtml({ title: `Three bots, one budget, ${days} days`, runs: [{ name: 'all', result }], prices }),
  )
}

function perStrategy() {
  const byOwner = Map.groupBy(result.trades, trade => trade.owner)
  return [...byOwner].map(([strategy, trades]) => ({
    strategy,
    trades: trades.length,
    profit: trades.reduce((sum, trade) => sum + trade.profit, 0),
  }))
}
