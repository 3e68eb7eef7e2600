import { AutomationError, type Observation } from '@org/core'
import { z } from 'zod'
import { type Broken, clientThat, fixturesThat, venueThat, withChange } from './broken.ts'
import { boxesSchema, lemonActions } from './lemon-actions.ts'
import { type Answer, type Call, LemonClient } from './lemon-client.ts'
import { LemonError } from './lemon-error.ts'
import { sampleVenue } from './lemon-fixtures.ts'

const { buy } = lemonActions
let boards = 0

const isBoard = ({ path }: Call) => path.startsWith('/board')
const price = { pricePerBox: 4, pricedAt: 0 }

/** A client that reads answers from the board in a way of its own; `undefined`: as the sound one does. */
function boardReader(readBoard: (text: string) => unknown): Broken {
  return clientThat(
    class extends LemonClient {
      protected override parse<Schema extends z.ZodType>(call: Call, text: string, schema: Schema): z.output<Schema> {
        const own = isBoard(call) ? readBoard(text) : undefined
        return super.parse(call, own === undefined ? text : JSON.stringify(own), schema)
      }
    },
  )
}

/** A client whose questions fail in another way when the market answers `status`. */
function questionError(status: number, change: Parameters<typeof withChange>[1]): Broken {
  return clientThat(
    class extends LemonClient {
      protected override read<Schema extends z.ZodType>(call: Call, answer: Answer, schema: Schema): z.output<Schema> {
        try {
          return super.read(call, answer, schema)
        } catch (error) {
          const isMeant = answer.status === status && call.method === 'GET' && AutomationError.isInstance(error)
          throw isMeant ? withChange(error, change) : error
        }
      }
    },
  )
}

/** A venue that takes an error that `test` accepts for "nothing is held". */
function emptyHanded(test: (error: AutomationError) => boolean): Broken {
  return venueThat((sound, { clock }) => ({
    async holdings(options) {
      try {
        return await sound.holdings(options)
      } catch (error) {
        if (!AutomationError.isInstance(error) || !test(error)) throw error
        return { value: [], asOf: clock.now(), source: 'lemon-market:stock' }
      }
    },
  }))
}

/** A client that knows when it is asked for holdings. */
class HoldingClient extends LemonClient {
  isHolding = false
  protected override parse<Schema extends z.ZodType>(call: Call, text: string, schema: Schema): z.output<Schema> {
    return super.parse(call, this.isHolding ? this.readStock(text) : text, schema)
  }
  protected readStock(text: string): string {
    return text
  }
}

/** A venue that reads its stock in another way where holdings are asked. */
function holdingsReader(Client: typeof HoldingClient): Broken {
  return venueThat(
    (sound, _environment, client) => ({
      async holdings(options) {
        if (client instanceof HoldingClient) client.isHolding = true
        try {
          return await sound.holdings(options)
        } finally {
          if (client instanceof HoldingClient) client.isHolding = false
        }
      },
    }),
    Client,
  )
}

class StrictClient extends HoldingClient {
  protected override readStock(text: string): string {
    return text.includes('added_in_level_') ? '{}' : text
  }
}

class GenerousClient extends HoldingClient {
  protected override readStock(text: string): string {
    const stock = objectOf(text)
    return stock !== undefined && !('boxes' in stock) ? JSON.stringify({ ...stock, boxes: 0 }) : text
  }
}

/** Venues each of which breaks one promise of looking: the check that must notice it, and in words what is wrong. */
export const brokenLooking: readonly (readonly [check: string, what: string, broken: Broken])[] = [
  ['VC-01', 'belongs to a domain with a blank in it', venueThat(() => ({ domain: 'fresh fruit' }))],
  ['VC-02', 'calls a stand-in real', venueThat(() => ({ isReal: true }))],
  ['VC-03', 'calls no market real', fixturesThat({ real: () => sampleVenue('http://127.0.0.1:1') })],
  [
    'VC-04',
    'does not say what an action does',
    venueThat(({ actions }) => ({ actions: { ...actions, buy: { ...buy, description: '' } } })),
  ],
  ['VC-05', 'has an action that nobody shows', venueThat(({ actions }) => ({ actions: { ...actions, eat: buy } }))],
  [
    'VC-06',
    'makes of params something else each time it reads them',
    venueThat(({ actions }) => {
      let reads = 0
      const params = boxesSchema.transform(value => ({ ...value, read: ++reads }))
      return { actions: { ...actions, buy: { ...buy, params } } }
    }),
  ],
  [
    'VC-07',
    'lets params through with keys that it does not know',
    venueThat(({ actions }) => {
      const params = z.object(boxesSchema.shape)
      return { actions: { ...actions, buy: { ...buy, params } } }
    }),
  ],
  [
    'VC-08',
    'paints the sign when it connects again',
    venueThat((sound, { market }) => {
      let times = 0
      return {
        async connect(options) {
          await sound.connect(options)
          if (++times > 1) market.sign = 'Fresh lemons'
        },
      }
    }),
  ],
  [
    'VC-09',
    'connects to nothing without a word',
    venueThat(sound => ({ connect: o => sound.connect(o).catch(() => {}) })),
  ],
  [
    'VC-10',
    'answers without a value',
    venueThat(sound => ({ observe: async (...asked) => ({ ...(await sound.observe(...asked)), value: undefined }) })),
  ],
  [
    'VC-11',
    'says that a price is as of now, whatever the board says',
    venueThat((sound, { clock }) => ({
      observe: async (...asked) => ({ ...(await sound.observe(...asked)), asOf: clock.now() }),
    })),
  ],
  [
    'VC-12',
    'does not say who shows it',
    venueThat(sound => ({ observe: async (...asked) => ({ ...(await sound.observe(...asked)), source: 'board' }) })),
  ],
  [
    'VC-13',
    'names its source differently each time',
    venueThat(sound => ({
      observe: async (...asked) => ({ ...(await sound.observe(...asked)), source: `lemon-market:board-${++boards}` }),
    })),
  ],
  [
    'VC-14',
    'paints the sign when it looks',
    venueThat((sound, { market }) => ({
      observe(...asked) {
        market.sign = 'Fresh lemons'
        return sound.observe(...asked)
      },
    })),
  ],
  [
    'VC-15',
    'has an answer to questions that it does not know',
    venueThat((sound, { clock }) => ({
      observe: async (kind, ...rest) =>
        kind === 'stock' || kind === 'box-price'
          ? sound.observe(kind, ...rest)
          : { value: null, asOf: clock.now(), source: 'lemon-market' },
    })),
  ],
  [
    'VC-16',
    'does not look at the query',
    venueThat(sound => ({
      observe: (kind, query, options) => sound.observe(kind, kind === 'stock' ? {} : query, options),
    })),
  ],
  [
    'VC-17',
    'calls new what it remembers',
    venueThat((sound, { clock }) => {
      const seen = new Map<string, Observation<unknown>>()
      return {
        async observe(kind, query, options) {
          try {
            const observed = await sound.observe(kind, query, options)
            seen.set(kind, observed)
            return observed
          } catch (error) {
            const last = seen.get(kind)
            if (last === undefined) throw error
            return { ...last, asOf: clock.now() }
          }
        },
      }
    }),
  ],
  [
    'VC-18',
    'looks although it was told to stop before',
    venueThat(sound => ({
      observe: (kind, query, options) => sound.observe(kind, query, options?.signal?.aborted ? {} : options),
    })),
  ],
  [
    'VC-19',
    'goes on looking when it is told to stop meanwhile',
    venueThat(sound => ({
      observe: (kind, query, options) => sound.observe(kind, query, options?.signal?.aborted ? options : {}),
    })),
  ],
  [
    'VC-20',
    'refuses a board with something new on it',
    boardReader(text => (text.includes('added_in_level_') ? {} : undefined)),
  ],
  [
    'VC-21',
    'refuses a board that says something twice',
    boardReader(text => (text.split('"grade":').length > 2 ? {} : undefined)),
  ],
  [
    'VC-22',
    'takes a price that is missing for 0.01',
    boardReader(text => {
      const board = objectOf(text)
      const isShort = board !== undefined && Object.keys(board).length < 4 && !('pricePerBox' in board)
      return isShort ? { ...board, pricePerBox: 0.01 } : undefined
    }),
  ],
  [
    'VC-23',
    'takes for the price what is called alike',
    boardReader(text => {
      const board = objectOf(text)
      const alike = board?.['new_pricePerBox']
      return alike === undefined ? undefined : { ...board, pricePerBox: alike }
    }),
  ],
  [
    'VC-24',
    'takes a price that is no number for 0.01',
    boardReader(text => {
      const board = objectOf(text)
      return typeof board?.['pricePerBox'] === 'object' ? { ...board, pricePerBox: 0.01 } : undefined
    }),
  ],
  [
    'VC-25',
    'remembers the usual price when the board cannot be read',
    boardReader(text => (text.startsWith('{') && objectOf(text) === undefined ? price : undefined)),
  ],
  [
    'VC-26',
    'remembers the usual price when the board breaks off',
    clientThat(
      class extends LemonClient {
        protected override async exchange(call: Call): Promise<Answer> {
          try {
            return await super.exchange(call)
          } catch (error) {
            const isHalf = error instanceof LemonError && error.details['reason'] === 'aborted'
            if (!isHalf || !isBoard(call)) throw error
            return { status: 200, retryAfter: undefined, text: JSON.stringify(price) }
          }
        }
      },
    ),
  ],
  [
    'VC-27',
    'remembers the usual price when it is shown a page',
    boardReader(text => (text.startsWith('<') ? price : undefined)),
  ],
  ['VC-30', 'tries a refused key again', questionError(401, { retryable: true })],
  ['VC-31', 'tries again what its key does not permit', questionError(403, { retryable: true })],
  ['VC-32', 'looks again and again for what is not there', questionError(404, { retryable: true })],
  [
    'VC-33',
    'asks again at once when it was too fast',
    clientThat(
      class extends LemonClient {
        protected override waitMs(call: Call, error: LemonError, attempt: number): number {
          const isTooFast = error.code === 'LEMON_RATE_LIMIT' && error.retryAfterMs === undefined
          return isTooFast && call.method === 'GET' ? 0 : super.waitMs(call, error, attempt)
        }
      },
    ),
  ],
  [
    'VC-34',
    'does not wait as long as the market says',
    clientThat(
      class extends LemonClient {
        protected override waitMs(call: Call, error: LemonError, attempt: number): number {
          return call.method === 'GET' ? 1000 : super.waitMs(call, error, attempt)
        }
      },
    ),
  ],
  [
    'VC-35',
    'asks sixty times when it is too fast',
    clientThat(
      class extends LemonClient {
        #asked = 0
        protected override waitMs(call: Call, error: LemonError, attempt: number): number {
          const isTooFast = error.code === 'LEMON_RATE_LIMIT' && call.method === 'GET'
          this.attemptsMax = isTooFast && ++this.#asked < 60 ? 60 : 3
          return super.waitMs(call, error, Math.min(attempt, 3))
        }
      },
    ),
  ],
  ['VC-36', 'calls it the end when the market stumbles', questionError(503, { retryable: false })],
  ['VC-37', 'does not know what it has done when a question fails', questionError(500, { effect: 'unknown' })],
  [
    'VC-38',
    'calls it the end when a connection breaks',
    clientThat(
      class extends LemonClient {
        protected override failure(call: Call, error: NodeJS.ErrnoException): AutomationError {
          const failure = super.failure(call, error)
          return failure.code === 'LEMON_CONNECTION' && isBoard(call)
            ? withChange(failure, { retryable: false })
            : failure
        }
      },
    ),
  ],
  [
    'VC-39',
    'does not know what it has asked of nobody',
    clientThat(
      class extends LemonClient {
        protected override failure(call: Call, error: NodeJS.ErrnoException): AutomationError {
          const failure = super.failure(call, error)
          return error.syscall === 'connect' && isBoard(call) ? withChange(failure, { effect: 'unknown' }) : failure
        }
      },
    ),
  ],
  [
    'VC-40',
    'waits for ever for the board',
    clientThat(
      class extends LemonClient {
        protected override timeoutMs(call: Call): number {
          return isBoard(call) ? 3_600_000 : super.timeoutMs(call)
        }
      },
    ),
  ],
  [
    'VC-41',
    'does not know what holding costs',
    venueThat(sound => ({
      async holdings(options) {
        const seen = await sound.holdings(options)
        return { ...seen, value: seen.value.map(row => ({ ...row, costPerHour: Number.NaN })) }
      },
    })),
  ],
  ['VC-42', 'holds nothing while the market is away', emptyHanded(({ code }) => code === 'LEMON_SERVER')],
  [
    'VC-43',
    'holds nothing while the stock cannot be read',
    emptyHanded(({ message }) => message.endsWith('at its top')),
  ],
  [
    'VC-44',
    'holds nothing while it may not look',
    emptyHanded(({ code }) => code === 'LEMON_KEY' || code === 'LEMON_PERMISSION'),
  ],
  ['VC-45', 'refuses a stock with something new in it, when it is asked what it holds', holdingsReader(StrictClient)],
  ['VC-46', 'holds nothing where the stock does not say', holdingsReader(GenerousClient)],
]

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
}
