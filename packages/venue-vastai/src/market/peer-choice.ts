import { z } from 'zod'

/** What makes two machines comparable. */
export interface PeerKind {
  /** Name with underscores, for example `RTX_4090`. */
  readonly model: string
  /** GPUs rented together; offers of this many are compared. Absent: any number. */
  readonly gpus?: number | undefined
  readonly verification?: Verification | undefined
  readonly reliability?: ReliabilityBand | undefined
}

export type Verification = 'verified' | 'unverified' | 'deverified'

/** `high` from 0.98, `fair` from 0.90, `low` below: renters' filters cut near these figures. */
export type ReliabilityBand = 'high' | 'fair' | 'low'

/** A demand that was given up to find enough peers, in this order. */
export type Relaxation = 'reliability' | 'gpus' | 'verification'

/** How peers were chosen. */
export interface PeerChoice {
  readonly kind: PeerKind
  /** Demands of `kind` that were given up, in order; empty when all held. */
  readonly relaxed: readonly Relaxation[]
}

export const peerChoiceSchema = z.strictObject({
  kind: z.strictObject({
    model: z.string(),
    gpus: z.number().int().optional(),
    verification: z.enum(['verified', 'unverified', 'deverified']).optional(),
    reliability: z.enum(['high', 'fair', 'low']).optional(),
  }),
  relaxed: z.array(z.enum(['reliability', 'gpus', 'verification'])),
})

/** The band that a reliability of 0 to 1 falls into. */
export function reliabilityBand(reliability: number): ReliabilityBand {
  if (reliability >= 0.98) return 'high'
  return reliability >= 0.9 ? 'fair' : 'low'
}

/**
 * One text per kind of machine: machines of equal text share one market question.
 *
 * @example
 * peerKindKey({ model: 'RTX_4090', gpus: 1, verification: 'verified', reliability: 'high' }) // 'RTX_4090/1x/verified/high'
 */
export function peerKindKey(kind: PeerKind): string {
  const gpus = kind.gpus === undefined ? 'any' : `${kind.gpus}x`
  return `${kind.model}/${gpus}/${kind.verification ?? 'any'}/${kind.reliability ?? 'any'}`
}
