/**
 * A small renting bot as a process of its own: real gate, real risk manager, SQLite store, Vast.ai venue. It rents until the budget
 * refuses, gives back half, and is killed at any moment. Arguments: one JSON text, see `BotArguments`.
 *
 * With `finishes` it goes on until nothing is open and prints `done`; without, it works until somebody ends it.
 */
import { writeSync } from 'node:fs'
import {
  AutomationError,
  type Clock,
  createGate,
  DefaultRiskManager,
  dailyLoss,
  exposure,
  frequency,
  type Intent,
  newIntentId,
  seededRandom,
  silentLogger,
  systemClock,
} from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { VastAiClient, VastAiVenue } from '@org/venue-vastai'
import type { BotArguments } from './bot-arguments.ts'
import { endWithParent } from './end-with-parent.ts'
import { budgetDollars, rentalDollars } from './stakes.ts'

endWithParent()
const bot = JSON.parse(process.argv[2] ?? '') as BotArguments
/** Attempts of one run: it ends by itself should nobody end it. */
const attemptsMax = 2_000
const workers = 3
/** The client waits seconds for a lost instance to show up; here it shows at once. */
const hurriedClock: Clock = { ...systemClock, sleep: (ms, options) => systemClock.sleep(ms / 500, options) }

try {
  await run()
} catch (error) {
  writeSync(2, `${AutomationError.isInstance(error) ? `${error.code} ${error.shortMessage}` : String(error)}\n`)
  process.exitCode = 3
}

async function run(): Promise<void> {
  await using store = await sqliteStore({ path: bot.path, lockWaitMsMax: bot.lockWaitMsMax, snapshotEvery: 40 })
  const risk = new DefaultRiskManager(
    [dailyLoss({ limit: budgetDollars }), exposure({ limit: budgetDollars }), frequency({ limit: 1e6, per: '1h' })],
    { store },
  )
  await using client = new VastAiClient({
    apiKey: bot.renterKey,
    baseUrl: bot.url,
    spacing: 'off',
    attemptsMax: 2,
    clock: hurriedClock,
  })
  const venue = new VastAiVenue({ client, clock: hurriedClock })
  const gate = createGate({
    venues: [venue],
    risk,
    clock: systemClock,
    mode: 'simulated',
    logger: silentLogger,
    // The last one is alone and ends what all others left behind; while others run, each asks about its own.
    ...(bot.finishes ? {} : { strategyIds: [bot.name] }),
  })
  const random = seededRandom(bot.seed)
  await risk.ready()
  writeSync(1, 'ready\n')
  const { settled, released } = await gate.reconcile()
  writeSync(1, `reconciled ${settled + released}\n`)

  const rented: number[] = []
  const given = new Set<number>()
  for await (const { fact } of store.journal()) {
    if (fact.type !== 'intent-settled') continue
    const id = Number(fact.receipt?.venueRef)
    if (rented.includes(id)) given.add(id)
    else rented.push(id)
  }
  const { offers } = await client.offers.search({ filter: { gpu_name: 'RTX 4090' }, limit: 300 })

  let attempts = 0
  let isSpent = false
  let hasFailedToWrite = false
  await Promise.all(Array.from({ length: workers }, work))
  for (let tries = 0; bot.finishes && risk.openReservations().length > 0; tries++) {
    if (tries > 100) throw new Error(`${risk.openReservations().length} intents stay open`)
    await gate.reconcile()
    await systemClock.sleep(5)
  }
  if (bot.finishes) writeSync(1, 'done\n')

  async function work(): Promise<void> {
    while (attempts++ < attemptsMax) {
      if (!isSpent) await rent()
      else if (given.size < rented.length / 2) await giveBack()
      else if (bot.finishes) return
      else await systemClock.sleep(20)
    }
  }

  async function rent(): Promise<void> {
    const offer = offers[Math.floor(random.next() * offers.length)]
    const result = await gate.submit(
      intent('create-instance', { offerId: offer?.id, image: 'busybox' }, [
        { measure: 'loss', amount: rentalDollars },
        { measure: 'exposure', amount: rentalDollars },
        { measure: 'count', amount: 1 },
      ]),
    )
    if (result.status === 'rejected' && result.rejection.code === 'RISK_CHECK_FAILED') noteUnwritten()
    if (result.status === 'settled') rented.push(Number(result.receipt.venueRef))
    else if (result.status === 'rejected' && result.rejection.code === 'LIMIT_EXCEEDED') await lookWhetherSpent()
    else await systemClock.sleep(2)
  }

  /** What is reserved may come back: the budget is spent when nothing is open and too little is left. */
  async function lookWhetherSpent(): Promise<void> {
    const isSettled = risk.openReservations().length === 0
    isSpent = isSettled && risk.remaining('max_daily_loss').available < rentalDollars
    if (!isSettled && bot.finishes) await gate.reconcile()
    await systemClock.sleep(10)
  }

  function noteUnwritten(): void {
    if (!hasFailedToWrite) writeSync(1, 'unwritten\n')
    hasFailedToWrite = true
  }

  async function giveBack(): Promise<void> {
    const instanceId = rented.find(id => !given.has(id))
    if (instanceId === undefined) return
    given.add(instanceId)
    const result = await gate.submit(intent('destroy-instance', { instanceId }, [{ measure: 'count', amount: 1 }]))
    if (result.status === 'settled') return
    given.delete(instanceId)
    await systemClock.sleep(2)
  }

  function intent(action: string, params: unknown, effects: Intent['effects']): Intent {
    const nowMs = systemClock.now()
    return {
      id: newIntentId(bot.name, nowMs, random),
      strategyId: bot.name,
      venueId: venue.id,
      domain: venue.domain,
      action,
      params,
      effects,
      reduces: action === 'destroy-instance',
      expiresAt: nowMs + bot.lifetimeMs,
      rationale: { reason: 'kill-round', summary: action },
    }
  }
}
