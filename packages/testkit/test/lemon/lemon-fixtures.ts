import { silentLogger, systemClock } from '@org/core'
import type { VenueSubject } from '@org/testkit'
import { type LemonMarket, startLemonMarket } from './lemon-market.ts'
import { LemonVenue } from './lemon-venue.ts'

const ordered = (market: LemonMarket) => market.orders.length

/** All that the checks need to know of the lemon market. */
export const lemonFixtures: VenueSubject<LemonMarket> = {
  market: startLemonMarket,
  create: ({ market, ...environment }) => new LemonVenue({ apiKey: market.apiKey, ...environment }),
  real: () => sampleVenue('https://lemons.example'),
  secrets: ({ apiKey }) => [apiKey],
  queries: {
    'box-price': {
      query: () => ({ grade: 'A' }),
      wrong: [{}, { grade: 'Z' }, { grade: 'A', ripe: true }],
      matters: ['pricePerBox', 'pricedAt'],
      asOf: ({ pricedAt }) => pricedAt,
    },
    stock: { query: () => ({}), wrong: [undefined, { of: 'lemons' }], matters: ['boxes'] },
  },
  holdingsMatter: ['boxes', 'rentPerHour'],
  actions: {
    buy: {
      prepare: () => ({ asset: 'lemons', params: { boxes: 2 }, effects: [{ measure: 'loss', amount: 8 }] }),
      effectCount: ordered,
      wrong: [{}, { boxes: 0 }, { boxes: 1.5 }, { boxes: '2' }],
    },
    sell: {
      prepare(market) {
        market.boxes = 5
        return { asset: 'lemons', params: { boxes: 2 }, reduction: 8 }
      },
      effectCount: ordered,
      wrong: [{}, { boxes: 0 }],
    },
    'paint-sign': {
      prepare: () => ({ params: { text: 'Fresh lemons' } }),
      effectCount: ({ sign }) => (sign === 'Fresh lemons' ? 1 : 0),
      wrong: [{}, { text: '' }],
    },
  },
}

/** A venue of which nothing is asked. */
export function sampleVenue(baseUrl: string): LemonVenue {
  return new LemonVenue({ apiKey: 'none', baseUrl, clock: systemClock, logger: silentLogger, timeoutMs: 1000 })
}
