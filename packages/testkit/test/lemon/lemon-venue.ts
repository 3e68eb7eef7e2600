import {
  type CallOptions,
  type Clock,
  type ExecuteOptions,
  type Holding,
  type Intent,
  InvalidInputError,
  type Observation,
  type Receipt,
  type Reconciliation,
  type Venue,
} from '@org/core'
import { z } from 'zod'
import { boxesSchema, lemonActions, signSchema } from './lemon-actions.ts'
import { LemonClient, type LemonClientOptions } from './lemon-client.ts'

export type LemonQueries = {
  readonly 'box-price': { readonly query: { readonly grade: 'A' | 'B' }; readonly result: number }
  readonly stock: { readonly query: Readonly<Record<never, never>>; readonly result: number }
}

const querySchemas = {
  'box-price': z.strictObject({ grade: z.enum(['A', 'B']) }),
  stock: z.strictObject({}),
}

// What the market says, as far as it is used.
const boardSchema = z.object({ pricePerBox: z.number().positive(), pricedAt: z.number() })
const stockSchema = z.object({ boxes: z.number().int().min(0), rentPerHour: z.number() })
const orderSchema = z.object({ id: z.number().int(), key: z.string(), action: z.string(), loss: z.number() })
const ordersSchema = z.object({ orders: z.array(orderSchema) })
const saidSchema = z.object({ text: z.string() })

type Order = z.output<typeof orderSchema>

/** The lemon market as a venue: small, and whole. */
export class LemonVenue implements Venue<LemonQueries> {
  readonly id = 'lemon-market'
  readonly domain: string = 'fruit'
  readonly isReal: boolean
  readonly actions = lemonActions
  readonly client: LemonClient
  readonly #clock: Clock

  constructor(options: LemonClientOptions, client = new LemonClient(options)) {
    this.client = client
    this.#clock = options.clock
    this.isReal = !/^http:\/\/127\.0\.0\.1[:/]/.test(options.baseUrl)
  }

  async connect(options: CallOptions = {}): Promise<void> {
    await this.client.call({ method: 'GET', path: '/stock', ...options }, stockSchema)
  }

  async observe<Kind extends keyof LemonQueries & string>(
    kind: Kind,
    query: LemonQueries[Kind]['query'],
    options: CallOptions = {},
  ): Promise<Observation<LemonQueries[Kind]['result']>> {
    const schema = Object.hasOwn(querySchemas, kind) ? querySchemas[kind] : undefined
    if (schema === undefined)
      throw new InvalidInputError({ code: 'UNKNOWN_QUERY', message: `the lemon market answers no question ${kind}` })
    const parsed = schema.safeParse(query)
    if (!parsed.success)
      throw new InvalidInputError({ code: 'INVALID_QUERY', message: `question ${kind}: ${firstIssue(parsed.error)}` })
    if (kind === 'stock') {
      const { boxes } = await this.client.call({ method: 'GET', path: '/stock', ...options }, stockSchema)
      return { value: boxes, asOf: this.#clock.now(), source: `${this.id}:stock` }
    }
    const path = `/board?grade=${(parsed.data as { readonly grade: string }).grade}`
    const { pricePerBox, pricedAt } = await this.client.call({ method: 'GET', path, ...options }, boardSchema)
    return { value: pricePerBox, asOf: pricedAt, source: `${this.id}:board` }
  }

  async holdings(options: CallOptions = {}): Promise<Observation<readonly Holding[]>> {
    const { boxes, rentPerHour } = await this.client.call({ method: 'GET', path: '/stock', ...options }, stockSchema)
    const stock: Holding = {
      asset: 'lemons',
      kind: 'stock',
      quantity: boxes,
      exposure: boxes * 4,
      costPerHour: rentPerHour,
      description: `${boxes} boxes of lemons`,
    }
    return { value: boxes === 0 ? [] : [stock], asOf: this.#clock.now(), source: `${this.id}:stock` }
  }

  async execute(intent: Intent, { idempotencyKey, signal }: ExecuteOptions): Promise<Receipt> {
    switch (intent.action) {
      case 'buy': {
        const { boxes } = paramsOf(intent, boxesSchema)
        const known = await this.#find(idempotencyKey, signal)
        if (known !== undefined) return this.#receipt(intent, known)
        const body = { key: idempotencyKey, boxes }
        return this.#receipt(
          intent,
          await this.client.call({ method: 'POST', path: '/purchases', body, signal }, orderSchema),
        )
      }
      case 'sell': {
        const body = { key: idempotencyKey, boxes: paramsOf(intent, boxesSchema).boxes }
        return this.#receipt(
          intent,
          await this.client.call({ method: 'POST', path: '/sales', body, signal }, orderSchema),
        )
      }
      case 'paint-sign': {
        const body = paramsOf(intent, signSchema)
        await this.client.call({ method: 'PUT', path: '/sign', body, signal }, saidSchema)
        return this.#receipt(intent)
      }
      default:
        throw new InvalidInputError({ code: 'UNKNOWN_ACTION', message: `the lemon market cannot ${intent.action}` })
    }
  }

  async reconcile(intent: Intent, { idempotencyKey, signal }: ExecuteOptions): Promise<Reconciliation> {
    if (intent.action === 'paint-sign') {
      const { text } = await this.client.call({ method: 'GET', path: '/sign', signal }, saidSchema)
      return text === paramsOf(intent, signSchema).text
        ? { status: 'done', receipt: this.#receipt(intent) }
        : { status: 'not-done' }
    }
    const order = await this.#find(idempotencyKey, signal)
    return order === undefined ? { status: 'not-done' } : { status: 'done', receipt: this.#receipt(intent, order) }
  }

  async close(): Promise<void> {
    this.client.close()
  }

  async #find(key: string, signal: AbortSignal | undefined): Promise<Order | undefined> {
    const path = `/orders?key=${encodeURIComponent(key)}`
    const { orders } = await this.client.call({ method: 'GET', path, signal }, ordersSchema)
    return orders[0]
  }

  #receipt(intent: Intent, order?: Order): Receipt {
    const at = this.#clock.now()
    const count = { measure: 'count', amount: 1 }
    if (order === undefined) return { intentId: intent.id, at, postings: [count] }
    const boxes = (intent.params as { readonly boxes: number }).boxes
    const exposure = order.action === 'buy' ? boxes * 4 : -boxes * 4
    return {
      intentId: intent.id,
      venueRef: `order ${order.id}`,
      at,
      postings: [count, { measure: 'loss', amount: order.loss }, { measure: 'exposure', amount: exposure }],
    }
  }
}

function paramsOf<Schema extends z.ZodType>(intent: Intent, schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(intent.params)
  if (parsed.success) return parsed.data
  throw new InvalidInputError({ code: 'INVALID_PARAMS', message: `${intent.action}: ${firstIssue(parsed.error)}` })
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}`
}
