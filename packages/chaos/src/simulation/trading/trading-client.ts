import { type AnyVenue, AutomationError, type ExecuteOptions, type Intent, type Receipt } from '@org/core'
import type { PaperVenue } from '@org/venue-trading'
import { never, type SimProcess } from '../process/sim-process.ts'
import type { ExchangeAccount } from './exchange-account.ts'

/** Exchanges refuse a request that is older on arrival. */
const receiveWindowMs = 5_000
/** How long a client waits for an answer. */
const answerMsMax = 10_000
/** What an exchange is asked about the account, where answers may fail. */
const accountKinds = new Set(['results', 'positions', 'balances', 'open-orders'])
/** A process dies, or falls asleep, more often beside a request than elsewhere. */
const requestWeight = 4

/**
 * A paper venue behind a network: requests and answers are lost, late or never leave. A paper exchange computes within the process, so a request
 * that is still under way when its process dies is lost with it; one that has arrived is not.
 */
export function tradingClient(venue: PaperVenue, account: ExchangeAccount, process: SimProcess): AnyVenue {
  const { world } = process
  /** Keys of requests that may still arrive or are being worked on. */
  const underWay = new Set<string>()

  async function send(intent: Intent, options: ExecuteOptions): Promise<Receipt> {
    const { idempotencyKey: key } = options
    await process.point(`before request ${key}`, requestWeight)
    if (process.isDead) return never()
    const validForMs = Math.min(receiveWindowMs, intent.expiresAt - process.clock.now())
    if (validForMs <= 0) throw error('TOO_LATE', 'none')
    const journey = world.faults.journey(2 * answerMsMax)
    if (journey.isRefused) throw error('CONNECTION_REFUSED', 'none')
    world.step(`${process.name} sends ${key}`)
    world.judge.onRequest(key, process.clock.now())
    account.expect(key)
    underWay.add(key)
    const sentAtMs = world.clock.now()
    const arrival = arrive(intent, options, journey.requestMs, sentAtMs + validForMs).finally(() =>
      underWay.delete(key),
    )
    const { answerMs } = journey
    const answer =
      answerMs === undefined
        ? never()
        : arrival.then(async receipt => {
            await process.clock.sleep(answerMs)
            return receipt
          })
    arrival.catch(() => {})
    answer.catch(() => {})
    const outcome = await Promise.race([answer, process.clock.sleep(answerMsMax)])
    await process.point(`after request ${key}`, requestWeight)
    if (outcome === undefined) throw error('TIMEOUT', 'unknown')
    return outcome
  }

  async function arrive(
    intent: Intent,
    options: ExecuteOptions,
    requestMs: number | undefined,
    latestMs: number,
  ): Promise<Receipt> {
    await process.clock.sleep(requestMs ?? 0)
    if (requestMs === undefined) throw error('TIMEOUT', 'unknown')
    if (world.clock.now() > latestMs) throw error('OUTSIDE_RECEIVE_WINDOW', 'none')
    return venue.execute(intent, options)
  }

  return {
    id: venue.id,
    domain: venue.domain,
    actions: venue.actions,
    connect: () => venue.connect(),
    close: () => venue.close(),
    async observe(kind, query) {
      await process.clock.sleep(5)
      if (accountKinds.has(kind) && world.faults.isLookUpFailing()) throw error('TIMEOUT', 'none')
      const seen = await venue.observe(kind as 'ticker', query as { readonly symbol: string })
      return { ...seen, asOf: process.clock.now() }
    },
    holdings: () => venue.holdings(),
    execute: send,
    async reconcile(intent, options) {
      await process.point(`before look-up ${options.idempotencyKey}`)
      await process.clock.sleep(100)
      if (world.faults.isLookUpFailing()) throw error('TIMEOUT', 'unknown')
      if (underWay.has(options.idempotencyKey)) return { status: 'unknown', reason: 'it may still arrive' }
      return venue.reconcile(intent, options)
    },
  }
}

function error(code: string, effect: 'none' | 'unknown'): AutomationError {
  return new AutomationError({ code, message: `the exchange's answer: ${code}`, effect })
}
