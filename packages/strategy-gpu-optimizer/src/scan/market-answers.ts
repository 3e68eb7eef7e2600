import { AutomationError, type VenueReader } from '@org/core'
import {
  type MachineView,
  type MarketRate,
  marketRateSchema,
  peerKindKey,
  peerKindOf,
  type VastAiQueries,
} from '@org/venue-vastai/actions'
import { z } from 'zod'

/** The market rate for a machine, or why there is none. */
export type MarketAnswer =
  | { readonly ok: true; readonly rate: MarketRate }
  | { readonly ok: false; readonly code: string; readonly message: string }

export const knownRateSchema = z.strictObject({ askedMs: z.number(), rate: marketRateSchema })

/** A rate by kind of machine, and when it was asked for. */
export type KnownRates = ReadonlyMap<string, z.output<typeof knownRateSchema>>

export interface MarketAnswers {
  /** The answer for one of the machines. */
  readonly answerFor: (machine: MachineView) => MarketAnswer
  /** The rates of the kinds that were asked about, for the next scan. */
  readonly known: KnownRates
}

/**
 * Asks at most one question per kind of machine, however many machines there are, and none for a kind whose rate is known and young:
 * asks are sticky, and a market that is asked seldom answers everybody faster.
 *
 * @param options.askEveryMs a rate younger than this is not asked for again.
 * @throws what is no `AutomationError`: that is a defect, not an answer.
 */
export async function askMarket(
  venue: VenueReader<VastAiQueries>,
  machines: readonly MachineView[],
  options: {
    readonly nowMs: number
    readonly askEveryMs: number
    readonly known: KnownRates
    readonly signal?: AbortSignal
  },
): Promise<MarketAnswers> {
  const { nowMs, askEveryMs, signal } = options
  const kinds = new Map(machines.map(machine => [peerKindKey(peerKindOf(machine)), peerKindOf(machine)]))
  const known = new Map(
    [...options.known].filter(
      ([key, { askedMs }]) => kinds.has(key) && nowMs >= askedMs && nowMs - askedMs < askEveryMs,
    ),
  )
  const failed = new Map<string, MarketAnswer>()
  await Promise.all(
    [...kinds]
      .filter(([key]) => !known.has(key))
      .map(async ([key, { model, ...like }]) => {
        try {
          const { value } = await venue.observe('market-rate', { model, like }, signal === undefined ? {} : { signal })
          known.set(key, { askedMs: nowMs, rate: value })
        } catch (error) {
          if (!AutomationError.isInstance(error)) throw error
          failed.set(key, { ok: false, code: error.code, message: error.shortMessage })
        }
      }),
  )
  return {
    known,
    answerFor: machine => {
      const key = peerKindKey(peerKindOf(machine))
      const found = known.get(key)
      if (found !== undefined) return { ok: true, rate: found.rate }
      const message = `the market was not asked about machine ${machine.machineId}`
      return failed.get(key) ?? { ok: false, code: 'NOT_ASKED', message }
    },
  }
}
