import type { Amount } from '../money/micros.ts'
import type { Random } from '../time/random.ts'
import type { Effect } from './effect.ts'
import type { Rationale } from './rationale.ts'

export type IntentId = string & { readonly __brand: 'IntentId' }

/**
 * One thing a strategy wants a venue to do, together with the worst it could cost. Nothing reaches a venue except as an intent that
 * the gate has let through.
 */
export interface Intent<Params = unknown> {
  readonly id: IntentId
  readonly strategyId: string
  readonly venueId: string
  /** The venue's domain, for example `gpu`; budgets may be scoped by it. */
  readonly domain: string
  /** What it is about: a symbol, a machine, a campaign. Budgets may be scoped by it. */
  readonly asset?: string
  /** Which way it goes, in a word of the domain's such as `long`; breakers may keep sides apart. */
  readonly side?: string
  /** The name of one of the venue's actions. */
  readonly action: string
  /** Parameters in the form of the action's schema. */
  readonly params: Params
  /** Worst cases. A measure that is not named is not touched; of a budget of which nothing is left it is refused all the same. */
  readonly effects: readonly Effect[]
  /** True when it can only lower risk (unlist, cancel, close): then no budget refuses it. The action must be declared so. */
  readonly reduces: boolean
  /**
   * For an intent that `reduces`: how much `exposure` at this venue and asset it takes off. More than is there, less what others are
   * taking off already, would cross zero and is refused, where the ledger knows an exposure there.
   */
  readonly reduction?: Amount
  /** When the oldest observation it rests on was made, milliseconds since the epoch: its age counts as `data-age`, in seconds. */
  readonly observedAt?: number
  /** Milliseconds since the epoch; from then on it is refused. */
  readonly expiresAt: number
  readonly rationale: Rationale
}

/**
 * What a strategy writes; the context adds strategy and domain and, where absent, an id, an expiry of five minutes and a `count` of 1.
 */
export type IntentDraft<Params = unknown> = Omit<
  Intent<Params>,
  'id' | 'strategyId' | 'domain' | 'expiresAt' | 'reduces'
> & {
  readonly id?: IntentId
  readonly expiresAt?: number
  readonly reduces?: boolean
}

/**
 * A new id: strategy, time and 32 random bits, so that two processes and two runs do not meet.
 *
 * @example
 * newIntentId('gpu-optimizer', clock.now(), random) // 'gpu-optimizer-mjyv9k00-1x8fk3q'
 */
export function newIntentId(strategyId: string, nowMs: number, random: Random): IntentId {
  const noise = Math.floor(random.next() * 4_294_967_296)
    .toString(36)
    .padStart(7, '0')
  return `${strategyId}-${nowMs.toString(36)}-${noise}` as IntentId
}
