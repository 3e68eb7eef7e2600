import { AutomationError, type Reconciliation } from '@org/core'
import { z } from 'zod'
import { type Broken, clientThat, venueThat, withChange } from './broken.ts'
import { type Answer, type Call, LemonClient } from './lemon-client.ts'
import { LemonError } from './lemon-error.ts'

const notDone: Reconciliation = { status: 'not-done' }

/** A venue that takes an error with such a code, while it looks for an intent, for "not done". */
function forgets(code: string): Broken {
  return venueThat(sound => ({
    async reconcile(...asked) {
      try {
        return await sound.reconcile(...asked)
      } catch (error) {
        if (!AutomationError.isInstance(error) || error.code !== code) throw error
        return notDone
      }
    },
  }))
}

/** A venue that remembers what it was asked to do: `judge` changes its word by that. */
function remembers(
  judge: (
    fate: Reconciliation,
    memory: { readonly tried: boolean; readonly failed: boolean; readonly any: boolean },
  ) => Reconciliation,
): Broken {
  return venueThat((sound, { clock }) => {
    const tried = new Set<string>()
    const failed = new Set<string>()
    return {
      async execute(intent, options) {
        tried.add(intent.id)
        try {
          return await sound.execute(intent, options)
        } catch (error) {
          failed.add(intent.id)
          throw error
        }
      },
      async reconcile(intent, options) {
        const { id } = intent
        const fate = judge(await sound.reconcile(intent, options), {
          tried: tried.has(id),
          failed: failed.has(id),
          any: tried.size > 0,
        })
        return fate.status === 'done' ? { ...fate, receipt: { ...fate.receipt, intentId: id, at: clock.now() } } : fate
      },
    }
  })
}

const noReceipt = { intentId: '' as never, at: 0, postings: [] }

/** A client that writes its key into the address. */
class IndiscreetClient extends LemonClient {
  protected override exchange(call: Call): Promise<Answer> {
    const joint = call.path.includes('?') ? '&' : '?'
    const key = encodeURIComponent(this.options.apiKey)
    return super.exchange({ ...call, path: `${call.path}${joint}api_key=${key}` })
  }
}

/** Venues each of which breaks one promise of looking back, discretion or life: the check that must notice it, and what is wrong. */
export const brokenLiving: readonly (readonly [check: string, what: string, broken: Broken])[] = [
  ['VC-80', 'takes what failed for not done', remembers((fate, { failed }) => (failed ? notDone : fate))],
  ['VC-81', 'knows only what it did itself', remembers((fate, { tried }) => (tried ? fate : notDone))],
  [
    'VC-82',
    'takes what it has tried for done',
    remembers((fate, { tried }) => (tried && fate.status !== 'done' ? { status: 'done', receipt: noReceipt } : fate)),
  ],
  [
    'VC-83',
    'never knows what became of what it has not tried',
    remembers((fate, { any }) => (any || fate.status === 'done' ? fate : { status: 'unknown', reason: 'who knows' })),
  ],
  ['VC-84', 'takes it for not done while the market is away', forgets('LEMON_SERVER')],
  ['VC-85', 'takes it for not done while it cannot read the books', forgets('LEMON_MALFORMED')],
  [
    'VC-86',
    'paints the sign anew when it is asked what became of it',
    venueThat((sound, { market }, client) => ({
      async reconcile(intent, options) {
        const fate = await sound.reconcile(intent, options)
        const call = { method: 'PUT', path: '/sign', body: { text: market.sign }, signal: options.signal } as const
        await client.call(call, z.unknown())
        return fate
      },
    })),
  ],
  [
    'VC-87',
    'takes another order of the same size for this one',
    venueThat((sound, { market, clock }) => ({
      async reconcile(intent, options) {
        const fate = await sound.reconcile(intent, options)
        const { boxes } = intent.params as { readonly boxes?: number }
        const isAlike = market.orders.some(order => order.boxes === boxes && order.action === intent.action)
        if (fate.status === 'done' || !isAlike) return fate
        return { status: 'done', receipt: { intentId: intent.id, at: clock.now(), postings: [] } }
      },
    })),
  ],
  [
    'VC-88',
    'looks what became of it although it was told to stop',
    venueThat(sound => ({ reconcile: (intent, { idempotencyKey }) => sound.reconcile(intent, { idempotencyKey }) })),
  ],
  [
    'VC-90',
    'shows what it had sent in its errors',
    clientThat(
      class extends LemonClient {
        protected override read<Schema extends z.ZodType>(
          call: Call,
          answer: Answer,
          schema: Schema,
        ): z.output<Schema> {
          try {
            return super.read(call, answer, schema)
          } catch (error) {
            if (!AutomationError.isInstance(error)) throw error
            throw withChange(error, { details: { sent: { authorization: this.options.apiKey } } })
          }
        }
      },
    ),
  ],
  [
    'VC-91',
    'logs what it sends',
    clientThat(
      class extends LemonClient {
        protected override exchange(call: Call): Promise<Answer> {
          this.options.logger.debug({ authorization: this.options.apiKey }, 'sending')
          return super.exchange(call)
        }
      },
    ),
  ],
  [
    'VC-92',
    'signs its receipts with its key',
    venueThat((sound, { market }) => ({
      execute: async (...asked) => ({ ...(await sound.execute(...asked)), details: { by: market.apiKey } }),
    })),
  ],
  ['VC-93', 'writes its key into addresses', clientThat(IndiscreetClient)],
  [
    'VC-94',
    'fetches something by itself',
    venueThat((sound, { clock }) => ({
      async observe(...asked) {
        await clock.track(fetch('data:,lemons'))
        return sound.observe(...asked)
      },
    })),
  ],
  [
    'VC-95',
    'looks at a clock of its own',
    venueThat(sound => ({
      observe: async (...asked) => (Date.now() > 0 ? sound.observe(...asked) : Promise.reject(new Error('the past'))),
    })),
  ],
  [
    'VC-96',
    'does not tell the clock that it looks for orders',
    clientThat(
      class extends LemonClient {
        protected override tracked(call: Call, work: Promise<Answer>): Promise<Answer> {
          return call.path.startsWith('/orders') ? work : super.tracked(call, work)
        }
      },
    ),
  ],
  [
    'VC-97',
    'leaves its connections open',
    clientThat(
      class extends LemonClient {
        override close(): void {
          this.isClosed = true
        }
      },
    ),
  ],
  [
    'VC-98',
    'cannot be closed twice',
    venueThat(sound => {
      let isClosed = false
      return {
        async close() {
          if (isClosed) throw new LemonError({ code: 'LEMON_CLOSED', message: 'closed already' })
          isClosed = true
          await sound.close()
        },
      }
    }),
  ],
  [
    'VC-99',
    'goes on after it was closed',
    clientThat(
      class extends LemonClient {
        override close(): void {
          super.close()
          this.isClosed = false
        }
      },
    ),
  ],
  [
    'VC-100',
    'cannot be closed while it looks',
    venueThat(sound => {
      let looking = 0
      return {
        async observe(...asked) {
          looking++
          try {
            return await sound.observe(...asked)
          } finally {
            looking--
          }
        },
        async close() {
          if (looking > 0) throw new LemonError({ code: 'LEMON_BUSY', message: 'still looking' })
          await sound.close()
        },
      }
    }),
  ],
]
