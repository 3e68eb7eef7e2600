import {
  AbortedError,
  AutomationError,
  type ErrorEffect,
  type Intent,
  InvalidInputError,
  type Receipt,
} from '@org/core'
import { z } from 'zod'
import { type Broken, clientThat, saying, venueThat, withChange } from './broken.ts'
import { type Answer, type Call, LemonClient } from './lemon-client.ts'
import type { LemonError } from './lemon-error.ts'

const acts = ({ method }: Call) => method !== 'GET'

/** A client that says another effect of what acts, when `test` accepts the failure of the network. */
function lostWith(
  effect: ErrorEffect,
  test: (failure: AutomationError, error: NodeJS.ErrnoException) => boolean,
): Broken {
  return clientThat(
    class extends LemonClient {
      protected override failure(call: Call, error: NodeJS.ErrnoException): AutomationError {
        const failure = super.failure(call, error)
        return acts(call) && test(failure, error) ? withChange(failure, { effect }) : failure
      }
    },
  )
}

/** A client that says another effect of a call, when `test` accepts the answer. */
function answeredWith(effect: ErrorEffect, test: (answer: Answer, call: Call) => boolean): Broken {
  return clientThat(
    class extends LemonClient {
      protected override read<Schema extends z.ZodType>(call: Call, answer: Answer, schema: Schema): z.output<Schema> {
        try {
          return super.read(call, answer, schema)
        } catch (error) {
          throw AutomationError.isInstance(error) && test(answer, call) ? withChange(error, { effect }) : error
        }
      }
    },
  )
}

const actingStatus =
  (wanted: number) =>
  ({ status }: Answer, call: Call) =>
    status === wanted && acts(call)
const isBroken = ({ code }: AutomationError, { syscall }: NodeJS.ErrnoException) =>
  code === 'LEMON_CONNECTION' && syscall !== 'connect'

/** A venue whose receipts say something else. */
function receipts(change: (receipt: Receipt, intent: Intent) => Partial<Receipt>): Broken {
  return venueThat(sound => ({
    async execute(intent, options) {
      const receipt = await sound.execute(intent, options)
      return { ...receipt, ...change(receipt, intent) }
    },
  }))
}

/** A client that finds no orders while something is carried out. */
class BlindClient extends LemonClient {
  isBlind = false
  protected override read<Schema extends z.ZodType>(call: Call, answer: Answer, schema: Schema): z.output<Schema> {
    const seesNothing = this.isBlind && call.path.startsWith('/orders') && answer.status === 200
    return super.read(call, seesNothing ? { ...answer, text: '{"orders":[]}' } : answer, schema)
  }
}

/** A client that sends what acts twice after a 429 that does not say how long to wait. */
class EagerClient extends LemonClient {
  #isEager = false
  protected override async exchange(call: Call): Promise<Answer> {
    if (this.#isEager && acts(call)) await super.exchange(call)
    const answer = await super.exchange(call)
    this.#isEager = answer.status === 429 && answer.retryAfter === undefined
    return answer
  }
}

/** Venues each of which breaks one promise of acting: the checks that must notice it (more than one only where a promise rests on another), and
 * in words what is wrong. */
export const brokenActing: readonly (readonly [checks: string, what: string, broken: Broken])[] = [
  [
    'VC-50 VC-54 VC-58 VC-63 VC-64 VC-86',
    'orders twice, to be sure',
    venueThat((sound, _environment, client) => ({
      async execute(intent, options) {
        const receipt = await sound.execute(intent, options)
        const body = { key: `${options.idempotencyKey}-too`, ...(intent.params as object) }
        const again = { method: 'POST', path: '/purchases', body, signal: options.signal } as const
        if (intent.action === 'buy') await client.call(again, z.unknown())
        return receipt
      },
    })),
  ],
  ['VC-51', 'dates its receipts before the order', receipts(({ at }) => ({ at: at - 5 }))],
  [
    'VC-52',
    'reads figures from text that nobody allowed',
    venueThat(sound => ({
      execute(intent, options) {
        const boxes = Number((intent.params as { readonly boxes?: unknown }).boxes)
        const params = intent.action === 'buy' && boxes > 1.9 ? { boxes } : intent.params
        return sound.execute({ ...intent, params }, options)
      },
    })),
  ],
  [
    'VC-53',
    'gives a receipt for anything',
    venueThat((sound, { clock }) => ({
      async execute(intent, options) {
        try {
          return await sound.execute(intent, options)
        } catch (error) {
          if (!(error instanceof InvalidInputError) || error.code !== 'UNKNOWN_ACTION') throw error
          return { intentId: intent.id, at: clock.now(), postings: [] }
        }
      },
    })),
  ],
  [
    'VC-54',
    'does not look whether it has bought already',
    venueThat(
      (sound, _environment, client) => ({
        async execute(intent, options) {
          if (client instanceof BlindClient) client.isBlind = true
          try {
            return await sound.execute(intent, options)
          } finally {
            if (client instanceof BlindClient) client.isBlind = false
          }
        },
      }),
      BlindClient,
    ),
  ],
  [
    'VC-55',
    'acts although it was told to stop before',
    venueThat(sound => ({
      execute: (intent, { signal, ...rest }) => sound.execute(intent, signal?.aborted ? rest : { ...rest, signal }),
    })),
  ],
  [
    'VC-56',
    'says that nothing was done, because it was told to stop',
    venueThat(sound => ({
      async execute(intent, options) {
        try {
          return await sound.execute(intent, options)
        } catch (error) {
          throw AutomationError.isInstance(error) && error.code === 'ABORTED' ? new AbortedError() : error
        }
      },
    })),
  ],
  [
    'VC-57',
    'has more at stake after it sold',
    receipts(({ postings }, { action }) =>
      action === 'sell' ? { postings: [...postings, { measure: 'position', amount: 2 }] } : {},
    ),
  ],
  [
    'VC-58',
    'cannot read what is new in the answer to an order',
    clientThat(
      class extends LemonClient {
        protected override parse<Schema extends z.ZodType>(call: Call, text: string, schema: Schema): z.output<Schema> {
          return super.parse(call, acts(call) && text.includes('added_in_level_') ? '{}' : text, schema)
        }
      },
    ),
  ],
  ['VC-60', 'does not know what a refused key has done', answeredWith('unknown', actingStatus(401))],
  ['VC-61', 'does not know what it did without permission', answeredWith('unknown', actingStatus(403))],
  ['VC-62', 'does not know what it did to what is not there', answeredWith('unknown', actingStatus(404))],
  ['VC-63', 'sends twice after it was too fast', clientThat(EagerClient)],
  [
    'VC-64',
    'does not wait as long as the market says before it acts again',
    clientThat(
      class extends LemonClient {
        protected override waitMs(call: Call, error: LemonError, attempt: number): number {
          return acts(call) ? 5000 : super.waitMs(call, error, attempt)
        }
      },
    ),
  ],
  [
    'VC-65',
    'waits to the end although it was told to stop',
    clientThat(
      class extends LemonClient {
        protected override wait(call: Call, waitMs: number): Promise<void> {
          return acts(call) ? this.options.clock.sleep(waitMs) : super.wait(call, waitMs)
        }
      },
    ),
  ],
  [
    'VC-66',
    'does not know what it has done when it was too fast to the end',
    venueThat(sound => ({
      execute: (...asked) =>
        saying(sound.execute(...asked), ({ code }) => code === 'LEMON_RATE_LIMIT', { effect: 'unknown' }),
    })),
  ],
  ['VC-67', 'takes it for done when the market fails', answeredWith('done', actingStatus(502))],
  ['VC-68', 'takes it for not done when the market fails', answeredWith('none', actingStatus(502))],
  ['VC-69', 'takes it for done when the connection breaks', lostWith('done', isBroken)],
  [
    'VC-70',
    'takes it for not done when the connection breaks',
    lostWith('none', (failure, error) => isBroken(failure, error) && error.message !== 'aborted'),
  ],
  [
    'VC-71',
    'takes it for not done when the answer cannot be read',
    answeredWith('none', ({ status, text }, call) => acts(call) && status < 300 && text.startsWith('{')),
  ],
  [
    'VC-72',
    'takes it for not done when the answer breaks off',
    lostWith('none', (failure, error) => isBroken(failure, error) && error.message === 'aborted'),
  ],
  [
    'VC-73',
    'takes it for not done when it is shown a page',
    answeredWith('none', ({ status, text }, call) => acts(call) && status < 300 && text.startsWith('<')),
  ],
  ['VC-74', 'takes it for not done when the answer is late', lostWith('none', ({ code }) => code === 'LEMON_TIMEOUT')],
  [
    'VC-75',
    'does not know what it has done to nobody',
    lostWith('unknown', (_failure, { syscall }) => syscall === 'connect'),
  ],
  [
    'VC-76',
    'does not know what it has done when it could not even look',
    answeredWith('unknown', ({ status }, { path }) => status === 503 && path.startsWith('/orders')),
  ],
]
