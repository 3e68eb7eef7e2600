import { seededRandom } from '@org/core'
import { describe, expect, it } from 'vitest'
import { type Fault, symbol, twoVenues } from './two-venue-world.ts'

const faults: readonly (Fault | undefined)[] = [
  'refused',
  'lost-before',
  'lost-after',
  'thin',
  'gone',
  undefined,
  undefined,
  undefined,
]

describe('two hundred rounds in which any leg may be refused, lost, or filled in part, and processes restart', () => {
  it.each([1, 2, 3, 4])(
    'leave no leg alone, lose no more than was reserved, and book what the accounts say (seed %i)',
    async seed => {
      const random = seededRandom(seed)
      const world = await twoVenues({
        dailyLimit: 100_000,
        params: { unwindSlippage: 0.02 },
        balances: { USDT: '100000', BTC: '1000' },
      })
      const { north, south } = world
      let bot = await world.newBot()
      let price = 100
      let gap = 1
      const story: string[] = []
      /** Where both venues last held the same, how much money was there, and what the orders since then had reserved. */
      let flat = { cash: await world.total('USDT'), facts: 0 }
      for (let round = 0; round < 200; round++) {
        for (const { faults: plan, market: _ } of [north, south]) {
          plan.length = 0
          for (let order = 0; order < 3; order++) plan.push(faults[Math.floor(random.next() * faults.length)])
        }
        // A spread that comes and goes, on either side, around a price that walks.
        price *= 1 + (random.next() - 0.5) * 0.002
        gap = Math.max(-1.5, Math.min(1.5, gap + (random.next() - 0.5) * 0.6))
        const quote = (middle: number, depth: number) => ({
          bids: [0.05, 0.2].map(away => [(middle - away).toFixed(2), String(depth)] as const),
          asks: [0.05, 0.2].map(away => [(middle + away).toFixed(2), String(depth)] as const),
        })
        north.market.quote(symbol, quote(price - gap / 2, 4 + Math.floor(random.next() * 10)))
        south.market.quote(symbol, quote(price + gap / 2, 4 + Math.floor(random.next() * 10)))
        if (random.next() < 0.1) bot = await world.newBot()
        story.push(...(await world.scan(bot)))

        const isFlat = (await world.held()) === '0' && world.risk.openReservations().length === 0
        if (!isFlat) continue
        const cash = await world.total('USDT')
        const all = await world.facts()
        const reserved = new Map<string, number>()
        let worstCase = 0
        for (const fact of all.slice(flat.facts)) {
          if (fact.type === 'intent-reserved') {
            const losses = fact.intent.effects.filter(({ measure }) => measure === 'loss')
            reserved.set(
              fact.intent.id,
              losses.reduce((sum, { amount }) => sum + Number(amount), 0),
            )
          }
          if (fact.type === 'intent-sent') worstCase += reserved.get(fact.idempotencyKey) ?? 0
        }
        expect(Number(flat.cash.minus(cash).text)).toBeLessThanOrEqual(worstCase)
        flat = { cash, facts: all.length }
      }
      // Calm at the end, and the same prices at both, so that what is held here and owed there is worth nothing together.
      for (const { faults: plan } of [north, south]) plan.length = 0
      for (let i = 0; i < 4; i++) {
        for (const { market } of [north, south]) market.quote(symbol, { bid: '100', ask: '100.1' })
        await world.scan(bot)
      }
      expect(await world.held()).toBe('0')
      expect((await world.total('BTC')).text).toBe('2000')
      const gained = Number((await world.total('USDT')).minus(200_000).text)
      const { resultEver, openReservations } = world.risk.assessPortfolio()
      expect(openReservations).toBe(0)
      expect(resultEver).toBeCloseTo(gained, 2)
      expect(bot.kpis.edgeCaptured).toBeCloseTo(gained, 2)
      // All of it took place.
      expect(bot.kpis.trades).toBeGreaterThan(5)
      for (const count of [bot.kpis.oneLegged, bot.kpis.hedged, bot.kpis.unwound]) expect(count).toBeGreaterThan(2)
      expect(story.join(' ')).toMatch(/unknown/)
    },
  )
})
