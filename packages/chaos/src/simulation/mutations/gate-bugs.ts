import { AutomationError } from '@org/core'
import { changingRisk, delegate } from './delegate.ts'
import type { Mutation } from './mutation.ts'

/** Bugs between the gate and a venue. */
export const gateBugs: readonly Mutation[] = [
  {
    bug: 'retries without a look-up',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue.execute(intent, options).catch(error => {
              if (AutomationError.isInstance(error) && error.effect === 'unknown') return venue.execute(intent, options)
              throw error
            }),
        }),
    },
  },
  {
    bug: 'retries under a new key',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue
              .execute(intent, options)
              .catch(() => venue.execute(intent, { ...options, idempotencyKey: `${options.idempotencyKey}-again` })),
        }),
    },
  },
  {
    bug: 'takes no answer for no effect',
    decorations: {
      venue: venue =>
        delegate(venue, {
          execute: (intent, options) =>
            venue.execute(intent, options).catch(cause => {
              throw new AutomationError({ code: 'FAILED', message: 'it failed', cause })
            }),
        }),
    },
  },
  {
    bug: 'takes "not yet known" for "not done"',
    decorations: {
      venue: venue =>
        delegate(venue, {
          reconcile: async (intent, options) => {
            const fate = await venue.reconcile(intent, options)
            return fate.status === 'unknown' ? { status: 'not-done' } : fate
          },
        }),
    },
  },
  {
    bug: 'sends before "sent" is durable',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          markSent: async (id, key) => {
            void risk.markSent(id, key).catch(() => {})
          },
        }),
    },
  },
  {
    bug: 'does not write "sent" at all',
    decorations: { risk: risk => changingRisk(risk, { markSent: async () => {} }) },
  },
  {
    bug: 'never asks what became of an intent in doubt',
    decorations: { risk: risk => changingRisk(risk, { openReservations: () => [] }) },
  },
  {
    bug: 'settles and records the same result',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          settle: async (id, postings, receipt) => {
            const intent = risk.openReservations().find(open => open.id === id)?.intent
            const result = await risk.settle(id, postings, receipt)
            if (intent !== undefined) await risk.record({ ...intent, postings, note: 'again', intentId: intent.id })
            return result
          },
        }),
    },
  },
  {
    bug: 'does not record what comes after the release',
    decorations: {
      rates: {
        pause: 0.003,
        longPause: 1,
        operator: 0,
        crash: 0,
        powerCut: 0,
        diskFull: 0,
        syncFails: 0,
        clockJump: 0,
        lostAnswer: 0,
        lostRequest: 0,
        refused: 0,
        slow: 0,
        lookUpFails: 0,
      },
      risk: risk =>
        changingRisk(risk, {
          record: async result => {
            if (result.intentId === undefined) await risk.record(result)
          },
        }),
    },
  },
  {
    bug: 'releases what it was told is done',
    decorations: {
      risk: risk =>
        changingRisk(risk, {
          settle: async (id, postings, receipt) => {
            if (postings.every(({ amount }) => Number(amount) !== 0)) return risk.settle(id, postings, receipt)
            await risk.release(id, 'nothing to post')
            return 'settled'
          },
        }),
    },
  },
]
