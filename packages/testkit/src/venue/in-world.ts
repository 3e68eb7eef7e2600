import { VirtualClock } from '@org/core'
import { startFaultProxy } from '../proxy/fault-proxy.ts'
import { withinPatience } from './patience.ts'
import type { VenueSubject } from './venue-subject.ts'
import { type AskedQuery, type ShownAction, VenueWorld } from './venue-world.ts'

const startMs = Date.UTC(2026, 5, 1)
const patientMs = 60_000
const hastyMsDefault = 250
/** A busy machine may be too slow for a short limit before anything has gone wrong: then it is begun anew. */
const hastyAttemptsMax = 5

export interface WorldOptions {
  /** The venue's limit for answers is short. @default false */
  readonly isHasty?: boolean
  /** @default true */
  readonly connects?: boolean
}

/** Runs `work` in a new world, and takes it down whatever comes. */
export async function inWorld(
  subject: VenueSubject,
  work: (world: VenueWorld) => Promise<void>,
  options: WorldOptions = {},
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { error, hits } = await liveOnce(subject, work, options)
    if (error === undefined) return
    if (options.isHasty !== true || hits > 0 || attempt >= hastyAttemptsMax) throw error
  }
}

/** What went wrong, and how many faults there were. */
async function liveOnce(
  subject: VenueSubject,
  work: (world: VenueWorld) => Promise<void>,
  { isHasty = false, connects = true }: WorldOptions,
): Promise<{ readonly error: unknown; readonly hits: number }> {
  const clock = new VirtualClock({ startMs })
  const timeoutMs = isHasty ? (subject.shortTimeoutMs ?? hastyMsDefault) : patientMs
  const market = await subject.market({ clock })
  try {
    await using proxy = await startFaultProxy({ target: market.url, clock })
    const world = new VenueWorld(subject, clock, market, proxy, timeoutMs)
    let error: unknown
    try {
      await clock.run(async () => {
        const venue = await world.newVenue()
        try {
          if (connects) await venue.connect()
          await work(world)
        } finally {
          // Whatever is still held would keep time and venues from going on.
          proxy.clear()
        }
      })
    } catch (thrown) {
      error = thrown ?? new Error('nothing was thrown')
    }
    const { hits } = proxy
    await withinPatience(world.closeVenues(), subject).catch(thrown => {
      error ??= thrown
    })
    return { error, hits }
  } finally {
    await market.close()
  }
}

/** Runs `work` for each question, in a world of its own; what fails names the question. */
export async function eachQuery(
  subject: VenueSubject,
  work: (world: VenueWorld, query: AskedQuery) => Promise<void>,
  options?: WorldOptions,
): Promise<void> {
  for (const kind of Object.keys(subject.queries))
    await named(kind, () => inWorld(subject, async world => work(world, await world.query(kind)), options))
}

/** Runs `work` for each action, in a world of its own; what fails names the action. */
export async function eachAction(
  subject: VenueSubject,
  work: (world: VenueWorld, action: ShownAction) => Promise<void>,
  options?: WorldOptions,
): Promise<void> {
  for (const name of Object.keys(subject.actions))
    await named(name, () => inWorld(subject, async world => work(world, await world.action(name)), options))
}

async function named(name: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
