import { formatMicros, type Gate, type Intent, type SubmitResult, toMicros } from '@org/core'
import type { ClosePositionParams, PlaceOrderParams } from '@org/venue-trading/actions'
import type { UnlistParams, WriteListingParams } from '@org/venue-vastai/actions'

/** An intent that came to the gate, and what became of it. */
export interface Deed {
  readonly words: string
  /** What it asks of the loss limit, in dollars; of one that lowers risk, nothing. */
  readonly worstCase?: string
  readonly outcome: SubmitResult['status']
  /** Why it did not go through; of the second leg of a refused pair nothing, it is the first one's refusal. */
  readonly refusal?: string
}

/** The same gate; `told` hears of every intent that came to it. */
export function heard(gate: Gate, told: (deed: Deed) => void): Gate {
  return {
    reconcile: options => gate.reconcile(options),
    async submit(intent, options) {
      const result = await gate.submit(intent, options)
      told(deedOf(intent, result))
      return result
    },
    async submitGroup(intents, options) {
      const results = await gate.submitGroup(intents, options)
      for (const [i, result] of results.entries()) told(deedOf(intents[i] as Intent, result))
      return results
    },
  }
}

function deedOf(intent: Intent, result: SubmitResult): Deed {
  const worstCase = intent.effects.find(({ measure }) => measure === 'loss')?.amount
  return {
    words: wordsOf(intent),
    outcome: result.status,
    ...(worstCase === undefined ? {} : { worstCase: formatMicros(toMicros(worstCase, 'up')) }),
    ...('rejection' in result && result.rejection.code !== 'GROUP_REFUSED'
      ? { refusal: result.rejection.shortMessage }
      : {}),
    ...('error' in result ? { refusal: result.error.shortMessage } : {}),
  }
}

function wordsOf({ action, venueId, params }: Intent): string {
  switch (action) {
    case 'place-order': {
      const { side, quantity, symbol, worstPrice, stopPrice } = params as PlaceOrderParams
      return `${side} ${quantity} ${symbol} in the ${venueId} at ${worstPrice} or better, given up at ${stopPrice}`
    }
    case 'close-position': {
      const { quantity, symbol, stopPrice } = params as ClosePositionParams
      return `close ${quantity} ${symbol} in the ${venueId}${stopPrice === undefined ? '' : ` once it is at ${stopPrice}`}`
    }
    case 'write-listing': {
      const { machineId, terms } = params as WriteListingParams
      return `list machine ${machineId} at ${terms.pricePerGpuHour} per GPU-hour`
    }
    case 'unlist':
      return `take machine ${(params as UnlistParams).machineId} off the market`
    default:
      return action
  }
}
