import { venueConformance } from '@org/testkit'
import { lemonFixtures } from './lemon/lemon-fixtures.ts'
import { LemonVenue } from './lemon/lemon-venue.ts'

// A venue that only shows: what it cannot do is skipped, with a word.
venueConformance({
  ...lemonFixtures,
  name: 'lemon market, to look at',
  create: ({ market, ...environment }) =>
    Object.assign(new LemonVenue({ apiKey: market.apiKey, ...environment }), { actions: {} }),
  actions: {},
})
