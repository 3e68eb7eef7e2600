import { seededRandom } from '@org/core'
import { compileInstrument, Market, MatchingEngine, type Order, Trader } from '@org/sim-exchange'
import type { BenchResult } from './bench-result.ts'

const warmUp = 200_000
const orders = 1_000_000
const openMax = 5_000

/** Orders per second through one book: two thirds rest near the price, the others take; the oldest of many open ones are cancelled. */
export async function run(): Promise<BenchResult[]> {
  const flow = makeFlow()
  flow.place(warmUp)
  const startMs = performance.now()
  const startCpu = process.cpuUsage()
  const { trades, cancels } = flow.place(orders)
  const wallSeconds = (performance.now() - startMs) / 1000
  const cpu = process.cpuUsage(startCpu)
  const seconds = (cpu.user + cpu.system) / 1e6
  if (trades < orders / 10) throw new Error(`the benchmark hardly trades: ${trades} trades`)
  return [
    {
      name: 'orders placed and matched per second of processor time',
      value: orders / seconds,
      unit: 'orders/s',
      limit: 200_000,
      note: `${trades} trades, ${cancels} cancels, ${flow.levels()} price levels; ${(orders / wallSeconds).toFixed(0)} per second of the clock`,
    },
  ]
}

function makeFlow() {
  const engine = new MatchingEngine()
  const market = new Market(compileInstrument({ base: 'BTC', quote: 'USDT' }))
  const random = seededRandom(7)
  const traders = Array.from({ length: 10 }, (_, i) => {
    const trader = new Trader({ name: `t${i}`, makerFeePpm: 1_000, takerFeePpm: 1_000, keepsHistory: false })
    for (const asset of ['BTC', 'USDT']) trader.balance(asset).free = 10n ** 20n
    return trader
  })
  const open: Order[] = []
  let number = 0
  let oldest = 0
  return {
    levels: () => market.bids.levels.length + market.asks.levels.length,
    place(count: number) {
      let trades = 0
      let cancels = 0
      for (let i = 0; i < count; i++) {
        const side = random.next() < 0.5 ? 'BUY' : 'SELL'
        const takes = random.next() < 1 / 3
        // Behind the price when it rests, through it when it takes.
        const distance = Math.floor(random.next() * 400) * (takes ? 1 : -1)
        const placed = engine.place({
          trader: traders[Math.floor(random.next() * traders.length)] as Trader,
          market,
          side,
          type: 'LIMIT',
          timeInForce: takes ? 'IOC' : 'GTC',
          priceTicks: 6_000_000 + (side === 'BUY' ? distance : -distance),
          lots: 1 + Math.floor(random.next() * 10_000),
          clientOrderId: `o${++number}`,
          nowMs: number,
        })
        if (!placed.ok) throw new Error(`the benchmark's order was refused: ${placed.refusal}`)
        trades += placed.trades.length
        if (!takes) open.push(placed.order)
        if (open.length - oldest > openMax && engine.cancel(open[oldest++] as Order, number)) cancels++
        if (oldest === openMax) oldest = open.splice(0, oldest).length - openMax
      }
      return { trades, cancels }
    },
  }
}
