import { InvalidInputError } from '@org/core'
import type { World, WorldOptions } from './world.ts'

/**
 * Makes a market.
 *
 * @example
 * const world = createWorld({ seed: 7, startMs: Date.UTC(2026, 6, 1), models: ['RTX_4090'] })
 * world.advanceTo(Date.UTC(2026, 6, 2))
 */
export function createWorld(options: WorldOptions): World {
  throw new InvalidInputError({ message: `no market yet for seed ${options.seed}` })
}
