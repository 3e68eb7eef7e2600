import {
  type AnyVenue,
  AutomationError,
  type ExecuteOptions,
  type Holding,
  type Intent,
  type Observation,
  type Receipt,
  type Reconciliation,
} from '@org/core'
import { z } from 'zod'
import { never, type SimProcess } from '../process/sim-process.ts'
import { type Deal, Refusal, type Request, type VenueServer } from './book.ts'
import { farmLagMsMax } from './farm.ts'

/** Exchanges refuse a request that is older on arrival. */
const receiveWindowMs = 5_000

/** A process dies, or falls asleep, more often beside a request than elsewhere: there it hurts most. */
const requestWeight = 4

/** How long a client waits for an answer. */
const answerMsMax = 10_000

const params = z.strictObject({ size: z.number().int().min(0) })

/** What is different between the two venues for a client. */
interface VenueKind {
  readonly domain: string
  readonly adds: string
  readonly reduces: string
  readonly idempotency: 'native' | 'lookup'
  /** How long after an intent's time it may still take effect and show up; 0 where the venue itself refuses what comes too late. */
  readonly lagMsMax: number
}

const kinds: { readonly [id: string]: VenueKind } = {
  bourse: { domain: 'spot', adds: 'open', reduces: 'close', idempotency: 'native', lagMsMax: 0 },
  farm: { domain: 'gpu', adds: 'list', reduces: 'unlist', idempotency: 'lookup', lagMsMax: 2 * farmLagMsMax },
}

/** One process's way to a venue. */
export function venueClient(server: VenueServer, process: SimProcess): AnyVenue {
  const { world } = process
  const kind = kinds[server.id] as VenueKind
  const { domain, adds, reduces, idempotency, lagMsMax } = kind

  async function send(intent: Intent, key: string): Promise<Deal> {
    await process.point(`before request ${key}`, requestWeight)
    if (process.isDead) return never()
    const validForMs = Math.min(receiveWindowMs, intent.expiresAt - process.clock.now())
    // Only where the venue would look at it: another adapter does not know that it has slept.
    if (lagMsMax === 0 && validForMs <= 0) throw error('TOO_LATE', 'none')
    const { size } = params.parse(intent.params)
    const { action, asset = '' } = intent
    const request: Request = { key, action, asset, size, sentAtMs: world.clock.now(), validForMs }
    const journey = world.faults.journey(idempotency === 'native' ? 2 * answerMsMax : farmLagMsMax)
    if (journey.isRefused) throw error('CONNECTION_REFUSED', 'none')
    world.step(`${process.name} sends ${key}`)
    world.judge.onRequest(key, process.clock.now())
    const answer = travel(request, journey.requestMs, journey.answerMs)
    // Where the venue knows a repeat, the network may make one.
    if (idempotency === 'native' && journey.duplicateMs !== undefined)
      void travel(request, journey.duplicateMs, undefined)
    const outcome = await process.deliver(answer)
    await process.point(`after request ${key}`, requestWeight)
    if (outcome === 'no answer') throw error('TIMEOUT', 'unknown')
    if (outcome instanceof Refusal) throw error(outcome.code, 'none')
    return outcome
  }

  /** The request travels on its own: what becomes of the sender does not matter to it. */
  async function travel(
    request: Request,
    requestMs: number | undefined,
    answerMs: number | undefined,
  ): Promise<Deal | Refusal | 'no answer'> {
    const { clock } = world
    const gaveUpAtMs = clock.now() + answerMsMax
    const arrival =
      requestMs === undefined
        ? undefined
        : clock.sleep(requestMs).then(() => {
            world.step(`${server.id} serves ${request.key}`)
            try {
              return server.serve(request, clock.now())
            } catch (refused) {
              if (refused instanceof Refusal) return refused
              throw refused
            }
          })
    const isInTime = requestMs !== undefined && answerMs !== undefined && requestMs + answerMs <= answerMsMax
    if (arrival === undefined || !isInTime) {
      await clock.sleep(gaveUpAtMs - clock.now())
      return 'no answer'
    }
    const outcome = await arrival
    await clock.sleep(answerMs)
    return outcome
  }

  async function lookUp(intent: Intent, { idempotencyKey }: ExecuteOptions): Promise<Reconciliation> {
    await process.point(`before look-up ${idempotencyKey}`)
    await process.clock.sleep(100)
    if (world.faults.isLookUpFailing()) throw error('TIMEOUT', 'unknown')
    const deal = server.find(idempotencyKey, world.clock.now())
    if (deal !== undefined) return { status: 'done', receipt: receiptOf(intent, deal) }
    // "Not done" has to be final: the request may still be on its way, or done and not shown yet.
    if (process.clock.now() < intent.expiresAt + lagMsMax)
      return { status: 'unknown', reason: 'it may still arrive, or not show yet' }
    return { status: 'not-done' }
  }

  return {
    id: server.id,
    domain,
    actions: {
      [adds]: { params, idempotency, reduces: false, description: 'puts more at stake' },
      [reduces]: { params, idempotency, reduces: true, description: 'takes what is at stake back' },
    },
    async connect() {
      await process.clock.sleep(10)
    },
    async close() {},
    async observe(_kind, asset): Promise<Observation<unknown>> {
      await process.clock.sleep(5)
      return { value: server.stakeIn(String(asset)), asOf: process.clock.now(), source: server.id }
    },
    async holdings(): Promise<Observation<readonly Holding[]>> {
      return { value: [], asOf: process.clock.now(), source: server.id }
    },
    async execute(intent, { idempotencyKey }) {
      return receiptOf(intent, await send(intent, idempotencyKey))
    },
    reconcile: lookUp,
  }
}

function receiptOf(intent: Intent, { postings = [], atMs, ref, ratio }: Deal): Receipt {
  const receipt = { intentId: intent.id, venueRef: ref, at: atMs, postings }
  return ratio === undefined ? receipt : { ...receipt, closed: { ratio, at: atMs } }
}

function error(code: string, effect: 'none' | 'unknown'): AutomationError {
  return new AutomationError({ code, message: `the venue's answer: ${code}`, effect })
}
