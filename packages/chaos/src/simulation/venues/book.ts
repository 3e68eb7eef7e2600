import type { Posting } from '@org/core'

/** One effect at a venue. */
export interface Deal {
  readonly key: string
  readonly action: string
  readonly asset: string
  readonly atMs: number
  /** Absent where the venue's books are compared as a whole at the end. */
  readonly postings?: readonly Posting[]
  readonly ref: string
  /** Gain over size, where a position was closed. */
  readonly ratio?: number
}

/** What a venue says no to, for good: nothing happened. */
export class Refusal extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

/** A request as it arrives at a venue. */
export interface Request {
  readonly key: string
  readonly action: string
  readonly asset: string
  readonly size: number
  readonly sentAtMs: number
  /** How long after it was sent it may still be served, where a venue looks at that. */
  readonly validForMs: number
}

/** The side of a venue that no process of ours can reach but by requests; it outlives them all. */
export interface VenueServer {
  readonly id: string
  readonly deals: readonly Deal[]
  /** What is at stake in `asset`. */
  stakeIn(asset: string): number
  /** @throws {Refusal} when nothing happened. */
  serve(request: Request, nowMs: number): Deal
  /** What a search by key shows. */
  find(key: string, nowMs: number): Deal | undefined
}
