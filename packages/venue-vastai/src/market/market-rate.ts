import { z } from 'zod'
import { type PeerChoice, peerChoiceSchema } from './peer-choice.ts'
import {
  type HostPrice,
  type HostShare,
  hostPriceSchema,
  hostShareSchema,
  type RenterPrice,
  renterPriceSchema,
} from './price.ts'
import { type PriceBand, priceBandSchema, type TwoSidedBand, twoSidedBandSchema } from './price-band.ts'

/**
 * What comparable machines of other hosts ask, in renter and in host terms.
 *
 * It never rests on too few machines or on old samples: then the question is answered with an error (`TOO_FEW_PEERS`,
 * `STALE_MARKET`) instead, because no decision beats a guess.
 */
export interface MarketRate {
  /** Name with underscores, for example `RTX_4090`. */
  readonly model: string
  /** When the newest price in use was seen, epoch milliseconds: ages are counted from here. */
  readonly asOf: number
  /** When the oldest price in use was seen, epoch milliseconds: searches of the last half hour are merged. */
  readonly oldestAsOf: number
  /** What renters are asked, all peers. */
  readonly renter: PriceBand<RenterPrice>
  /** What those hosts would earn, all peers. */
  readonly host: PriceBand<HostPrice>
  /** Asks of peers with at least one free GPU: what a new listing competes with. Absent when nothing is free. */
  readonly idle: TwoSidedBand | undefined
  /** Asks of peers with at least one rented GPU: what renters accepted. Absent when nothing is rented. */
  readonly rented: TwoSidedBand | undefined
  /** Peers that voted, after outliers were cut. */
  readonly machinesCounted: number
  /** GPUs of those peers whose state is known. */
  readonly gpusCounted: number
  /** Part of {@link gpusCounted} that is rented, 0 to 1. */
  readonly rentedShare: number
  /** GPUs of those peers that can be rented now. */
  readonly idleGpus: number
  /** The host's part of the renter's payment that was used to convert. */
  readonly share: HostShare
  /** `own-offer`: learned from one's own listing and its public offer. `assumed`: 0.75, nobody has confirmed it. */
  readonly shareSource: ShareSource
  /** How peers were chosen, and what had to be given up to find enough of them. */
  readonly like: PeerChoice
  /** Searches that were merged into this. */
  readonly samples: number
  /** True when there are probably more peers than were seen: searches return a random sample above their limit. */
  readonly truncated: boolean
  /** What was left out and why: machines, and rows for `withoutPrice`. */
  readonly leftOut: LeftOut
}

export type ShareSource = 'own-offer' | 'assumed'

export interface LeftOut {
  /** Own machines. */
  readonly own: number
  /** Rows of the newest search without a usable price. */
  readonly withoutPrice: number
  /** Machines beyond the Tukey fence. */
  readonly outliers: number
  /** Machines of another kind. */
  readonly unlike: number
}

const count = z.number().int().min(0)

/** A market rate as JSON, for those who remember one. */
export const marketRateSchema: z.ZodType<MarketRate> = z
  .strictObject({
    model: z.string(),
    asOf: z.number(),
    oldestAsOf: z.number(),
    renter: priceBandSchema(renterPriceSchema),
    host: priceBandSchema(hostPriceSchema),
    idle: twoSidedBandSchema.optional(),
    rented: twoSidedBandSchema.optional(),
    machinesCounted: count,
    gpusCounted: count,
    rentedShare: z.number().min(0).max(1),
    idleGpus: count,
    share: hostShareSchema,
    shareSource: z.enum(['own-offer', 'assumed']),
    like: peerChoiceSchema,
    samples: count,
    truncated: z.boolean(),
    leftOut: z.strictObject({ own: count, withoutPrice: count, outliers: count, unlike: count }),
  })
  .transform(({ idle, rented, ...rest }) => ({ ...rest, idle, rented }))
