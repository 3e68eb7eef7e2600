import { AutomationError, type VenueReader } from '@org/core'
import {
  type MachineView,
  type MarketRate,
  peerKindKey,
  peerKindOf,
  type VastAiQueries,
} from '@org/venue-vastai/actions'

/** The market rate for a machine, or why there is none. */
export type MarketAnswer =
  | { readonly ok: true; readonly rate: MarketRate }
  | { readonly ok: false; readonly code: string; readonly message: string }

/**
 * Asks one question per kind of machine, however many machines there are.
 *
 * @returns a way to look up the answer for a machine out of `machines`.
 * @throws what is no `AutomationError`: that is a defect, not an answer.
 */
export async function askMarket(
  venue: VenueReader<VastAiQueries>,
  machines: readonly MachineView[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<(machine: MachineView) => MarketAnswer> {
  const kinds = new Map(machines.map(machine => [peerKindKey(peerKindOf(machine)), peerKindOf(machine)]))
  const answers = new Map(
    await Promise.all(
      [...kinds].map(async ([key, { model, ...like }]): Promise<readonly [string, MarketAnswer]> => {
        try {
          const { value } = await venue.observe('market-rate', { model, like }, options)
          return [key, { ok: true, rate: value }]
        } catch (error) {
          if (!AutomationError.isInstance(error)) throw error
          return [key, { ok: false, code: error.code, message: error.shortMessage }]
        }
      }),
    ),
  )
  return machine =>
    answers.get(peerKindKey(peerKindOf(machine))) ?? {
      ok: false,
      code: 'NOT_ASKED',
      message: `the market was not asked about machine ${machine.machineId}`,
    }
}
