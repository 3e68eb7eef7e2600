import { venueConformance } from '@org/testkit'
import { lemonFixtures } from './lemon/lemon-fixtures.ts'

venueConformance({ name: 'lemon market', ...lemonFixtures })
