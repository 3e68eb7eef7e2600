import { type AnyVenue, AutomationError, describeError, type Gate, type Intent, type SubmitResult } from '@org/core'

/** A door without a gate, for searches over parameters: nothing is checked, reserved or written down. */
export function openGate(venues: readonly AnyVenue[]): Gate {
  const byId = new Map(venues.map(venue => [venue.id, venue]))

  async function submit(intent: Intent): Promise<SubmitResult> {
    const intentId = intent.id
    const venue = byId.get(intent.venueId)
    if (venue === undefined) {
      const shortMessage = `no venue is named ${intent.venueId}; known: ${[...byId.keys()].join(', ')}`
      return { status: 'rejected', intentId, rejection: { code: 'UNKNOWN_VENUE', shortMessage } }
    }
    try {
      return { status: 'settled', intentId, receipt: await venue.execute(intent, { idempotencyKey: intentId }) }
    } catch (thrown) {
      const error = AutomationError.isInstance(thrown)
        ? thrown
        : new AutomationError({ code: 'VENUE_FAILED', message: describeError(thrown), cause: thrown })
      return { status: 'failed', intentId, error }
    }
  }

  return {
    submit,
    async submitGroup(intents) {
      const results: SubmitResult[] = []
      for (const intent of intents) results.push(await submit(intent))
      return results
    },
    reconcile: async () => ({ settled: 0, released: 0, inDoubt: 0 }),
  }
}
