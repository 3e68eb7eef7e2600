import type { Clock } from '@org/core'
import type { VastAiClient } from '../client/vast-ai-client.ts'
import type { SearchMarket } from '../market/market-watch.ts'
import { toMarketOffer } from './to-market-offer.ts'

/** Rows asked for. The live search answers with about this many whatever more is asked. */
const rowsMax = 64
/** From here on an answer may have been cut: live answers of a cut search hold 55 to 64 rows. */
const rowsOfCutSearch = 50
/** Chunk over machine comes back with binary noise. */
const fractionTolerance = 1.001

/** Searches on-demand offers of a model, free and taken ones, one row for each chunk. */
export function searchMarket(client: VastAiClient, clock: Clock): SearchMarket {
  return async ({ model, gpus, machineGpusMin, verification }, options) => {
    const { offers, rejectedRows } = await client.offers.search(
      {
        filter: {
          gpu_name: model,
          verified: 'any',
          rentable: 'any',
          ...(verification === undefined ? {} : { verification }),
          ...(gpus === undefined ? {} : { num_gpus: gpus }),
          ...(machineGpusMin === undefined ? {} : { gpu_frac: { lte: fractionTolerance / machineGpusMin } }),
        },
        limit: rowsMax,
        // The name is Vast.ai's own, or was looked up.
        anyGpuName: true,
        // Bundling would merge machines of one host, and each machine has a vote.
        unbundled: true,
      },
      options,
    )
    return {
      takenAt: clock.now(),
      offers: offers.map(toMarketOffer),
      truncated: offers.length + rejectedRows.count >= rowsOfCutSearch,
    }
  }
}
