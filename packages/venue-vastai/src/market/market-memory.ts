import { type Clock, type Json, type Store, systemClock } from '@org/core'
import { z } from 'zod'
import { hostShareSchema } from './price.ts'

const offerSchema = z.strictObject({
  id: z.number(),
  machineId: z.number(),
  model: z.string(),
  numGpus: z.number(),
  gpuIds: z.array(z.number()),
  chunkPricePerHour: z.number().optional(),
  rentable: z.boolean(),
  verification: z.enum(['verified', 'unverified', 'deverified']),
  reliability: z.number(),
})

/** What one search has shown, as it is remembered. */
export const watchedMarketSchema = z.strictObject({
  samples: z.array(z.strictObject({ takenAt: z.number(), truncated: z.boolean(), gpus: z.number().optional() })),
  chunks: z.array(z.strictObject({ offer: offerSchema, seenAt: z.number() })),
  withoutPrice: z.number(),
  refreshes: z.number(),
  believed: z.strictObject({ perGpu: z.number(), at: z.number() }).optional(),
  share: hostShareSchema.optional(),
})
export type WatchedMarket = z.output<typeof watchedMarketSchema>

/** How far the search had to be widened for a kind, and until when that is believed. */
export const widthSchema = z.strictObject({ steps: z.number().int().min(0), until: z.number() })
export type Width = z.output<typeof widthSchema>

/** Where a venue remembers what searches have shown, so that a restart sees the market as it was seen before. */
export interface MarketMemory {
  recall<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>
  keep(key: string, value: WatchedMarket | Width): Promise<void>
}

/** Remembers nothing. */
export const noMarketMemory: MarketMemory = { recall: async () => undefined, keep: async () => {} }

/**
 * Remembers in a store, under keys of its own. What does not fit any more is forgotten: it can be searched again.
 *
 * @param venueId keeps several venues on one store apart.
 */
export function storedMarketMemory(
  store: Pick<Store, 'loadState' | 'saveState'>,
  venueId: string,
  clock: Clock = systemClock,
): MarketMemory {
  const keyOf = (key: string) => `venue:${venueId}:market:${key}`
  return {
    async recall(key, schema) {
      const parsed = schema.safeParse(await clock.track(store.loadState(keyOf(key))))
      return parsed.success ? parsed.data : undefined
    },
    // A store keeps what JSON keeps: keys that are undefined are none.
    keep: (key, value) => clock.track(store.saveState(keyOf(key), value as unknown as Json)),
  }
}
