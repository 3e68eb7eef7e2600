import type { AnyVenue } from '@org/core'
import { systemClock } from '@org/core'
import { type LiveSubject, liveVenueChecks, liveVenueConformance } from '@org/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LemonMarket, startLemonMarket } from './lemon/lemon-market.ts'
import { LemonVenue } from './lemon/lemon-venue.ts'

let market: LemonMarket

beforeAll(async () => {
  market = await startLemonMarket({ clock: systemClock })
})

afterAll(() => market.close())

const apiKey = 'lemon/key+7=42'

/** The lemon market as if it were far away and real. */
const lemons: LiveSubject = {
  create: environment => new LemonVenue({ apiKey, baseUrl: market.url, timeoutMs: 60_000, ...environment }),
  queries: { 'box-price': { grade: 'A' }, stock: {} },
  secrets: [apiKey],
}

liveVenueConformance({ name: 'lemon market', skip: undefined, ...lemons })
liveVenueConformance({ name: 'lemon market, not asked for', skip: 'nobody asked for it', ...lemons })

function changed(change: (sound: AnyVenue) => Partial<AnyVenue>): LiveSubject {
  return {
    ...lemons,
    async create(environment) {
      const venue = await lemons.create(environment)
      const sound: AnyVenue = {
        id: venue.id,
        domain: venue.domain,
        actions: venue.actions,
        connect: options => venue.connect(options),
        observe: (...asked) => venue.observe(...asked),
        holdings: options => venue.holdings(options),
        execute: (...asked) => venue.execute(...asked),
        reconcile: (...asked) => venue.reconcile(...asked),
        close: () => venue.close(),
      }
      environment.logger.debug({}, 'made')
      return { ...sound, ...change(sound) }
    },
  }
}

const row = { asset: 'lemons', kind: 'stock', quantity: 1, exposure: 4, costPerHour: Number.NaN, description: 'a box' }

const planted: readonly (readonly [check: string, what: string, broken: LiveSubject])[] = [
  [
    'LV-02',
    'shows what is an hour old',
    changed(sound => ({
      observe: async (...asked) => ({ ...(await sound.observe(...asked)), asOf: systemClock.now() - 3_600_000 }),
    })),
  ],
  [
    'LV-03',
    'does not know what holding costs',
    changed(sound => ({ holdings: async options => ({ ...(await sound.holdings(options)), value: [row] }) })),
  ],
  [
    'LV-04',
    'has an answer to anything',
    changed(sound => ({
      observe: async (kind, ...rest) =>
        kind === 'no-such-question' ? { value: 1, asOf: 1, source: 'x' } : sound.observe(kind, ...rest),
    })),
  ],
  [
    'LV-05',
    'looks although it was told to stop',
    changed(sound => ({ observe: (kind, query) => sound.observe(kind, query) })),
  ],
  [
    'LV-06',
    'signs what it shows with its key',
    changed(sound => ({
      observe: async (...asked) => ({ ...(await sound.observe(...asked)), source: `${sound.id}:${apiKey}` }),
    })),
  ],
  ['LV-07', 'goes on after it was closed', changed(() => ({ close: async () => {} }))],
]

describe('a live venue with a planted defect', () => {
  it('that cannot connect fails every check', async () => {
    const broken = changed(() => ({ connect: () => Promise.reject(new Error('the market is closed')) }))
    expect(await failedChecks(broken)).toEqual(liveVenueChecks.map(({ id }) => id))
  })

  it.each(planted)('fails %s and no other check when it %s', async (check, _what, broken) => {
    expect(await failedChecks(broken)).toEqual([check])
  })
})

async function failedChecks(broken: LiveSubject): Promise<string[]> {
  const failed: string[] = []
  for (const { id, run } of liveVenueChecks) await run(broken).catch(() => failed.push(id))
  return failed
}
