import { z } from 'zod'
import {
  AutomationError,
  type CallOptions,
  type Clock,
  type ExecuteOptions,
  type Holding,
  type Intent,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Venue,
} from '../src/index.ts'

type LemonQueries = { 'box-price': { query: { readonly grade?: string }; result: number } }

/** What goes wrong with one request. `before` and `after` say whether the market had acted when its answer was lost. */
export type LemonFault = 'refused' | 'lost-before' | 'lost-after' | 'bug-before' | 'bug-after' | 'bad-receipt'

/** What goes wrong with one question after an intent's fate. */
export type LookUpFault = 'cannot-tell' | 'lost'

/** A market for boxes of lemons: the smallest venue that shows everything. It keeps books, and fails as it is told to. */
export class LemonMarket implements Venue<LemonQueries> {
  readonly id = 'lemon-market'
  readonly domain = 'fruit'
  readonly actions = {
    buy: {
      params: z.strictObject({ boxes: z.number().int().min(1) }),
      idempotency: 'lookup',
      reduces: false,
      description: 'buys boxes, which may turn out to be rotten',
    },
    sell: {
      params: z.strictObject({ boxes: z.number().int().min(1) }),
      idempotency: 'lookup',
      reduces: true,
      description: 'sells boxes that we own',
    },
  } as const
  /** What really happened, in order; `key` is the idempotency key that came along. */
  readonly orders: { readonly key: string; readonly action: string; readonly boxes: number }[] = []
  /** Every call, by name, in order. */
  readonly calls: string[] = []
  /** One is taken by each request; none left: all goes well. */
  readonly faults: LemonFault[] = []
  readonly lookUpFaults: LookUpFault[] = []
  pricePerBox = 4
  rottenShare = 0.3
  /** Runs when a request arrives, before the market acts. */
  onRequest: (options: ExecuteOptions) => Promise<void> | void = () => {}
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async connect(_options?: CallOptions): Promise<void> {
    this.calls.push('connect')
  }

  async observe<K extends keyof LemonQueries & string>(_kind: K): Promise<Observation<LemonQueries[K]['result']>> {
    this.calls.push('observe')
    return { value: this.pricePerBox, asOf: this.#clock.now(), source: 'lemon-market:board' }
  }

  async holdings(): Promise<Observation<readonly Holding[]>> {
    return { value: [], asOf: this.#clock.now(), source: 'lemon-market:stock' }
  }

  async execute(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    this.calls.push(`execute ${intent.id}`)
    await this.onRequest(options)
    const fault = this.faults.shift()
    if (fault === 'refused') throw new AutomationError({ code: 'SOLD_OUT', message: 'no box is left: ask tomorrow' })
    if (fault === 'bug-before') throw new TypeError('x is not a function')
    if (fault === 'lost-before') throw connectionLost()
    const { boxes } = intent.params as { readonly boxes: number }
    this.orders.push({ key: options.idempotencyKey, action: intent.action, boxes })
    if (fault === 'bug-after') throw new TypeError('x is not a function')
    if (fault === 'lost-after') throw connectionLost()
    const receipt = this.#receipt(intent, this.orders.length)
    return fault === 'bad-receipt' ? { ...receipt, postings: [{ measure: 'loss', amount: Number.NaN }] } : receipt
  }

  async reconcile(intent: Intent, { idempotencyKey }: ExecuteOptions): Promise<Reconciliation> {
    this.calls.push(`reconcile ${intent.id}`)
    const fault = this.lookUpFaults.shift()
    if (fault === 'lost') throw connectionLost()
    if (fault === 'cannot-tell') return { status: 'unknown', reason: 'the books of today are not closed yet' }
    const place = this.orders.findIndex(order => order.key === idempotencyKey)
    return place < 0 ? { status: 'not-done' } : { status: 'done', receipt: this.#receipt(intent, place + 1) }
  }

  async close(): Promise<void> {
    this.calls.push('close')
  }

  #receipt(intent: Intent, place: number): Receipt {
    const { boxes } = intent.params as { readonly boxes: number }
    const loss = intent.action === 'buy' ? boxes * this.pricePerBox * this.rottenShare : 0
    const postings = [{ measure: 'loss', amount: loss }]
    return { intentId: intent.id, venueRef: `order-${place}`, at: this.#clock.now(), postings }
  }
}

function connectionLost(): AutomationError {
  return new AutomationError({ code: 'CONNECTION_LOST', message: 'the connection broke', effect: 'unknown' })
}
