import type { Clock } from '@org/core'
import type { Fault } from './faults/fault.ts'
import { FaultPlan } from './faults/fault-plan.ts'
import { createWorld } from './market/create-world.ts'
import type { MachineSpec } from './market/machine.ts'
import type { World } from './market/world.ts'
import { CONTROL_PATH, Control } from './wire/control.ts'
import { Dispatcher } from './wire/dispatcher.ts'
import { startHttpServer } from './wire/http-server.ts'
import type { MarketDiary } from './wire/market-change.ts'
import { RateLimiter } from './wire/rate-limits.ts'
import { type DuplicateCreate, type LoggedRequest, RequestLog } from './wire/request-log.ts'
import { allRoutes } from './wire/routes/all.ts'
import { Simulation } from './wire/simulation.ts'
import type { Delivery } from './wire/webhooks/deliver.ts'

/** Ask of {@link startVastAiSimulator}. */
export interface VastAiSimulatorOptions {
  /** Where the simulation's time comes from: a `VirtualClock` for tests and backtests, a real one to serve people. */
  readonly clock: Clock
  /** Any 32-bit integer. The same seed and the same requests give the same bytes. */
  readonly seed: number
  /** When the world begins, epoch ms. @default the clock's now */
  readonly startMs?: number
  /** Models with competitors and renters, underscore names. @default those the market was fitted on */
  readonly models?: readonly string[]
  /** A market of one's own making; then `startMs` and `models` mean nothing. */
  readonly world?: World
  /** The host's machines. @default two with one RTX 4090 each, verified, unlisted */
  readonly machines?: readonly Omit<MachineSpec, 'hostId'>[]
  /** The renter's credit, USD. @default 1000 */
  readonly renterBalanceUsd?: number
  /** Things to go wrong from the start. */
  readonly faults?: readonly Fault[]
  /** Throttle callers as documented. @default true */
  readonly rateLimits?: boolean
  /** @default 0, a free one */
  readonly port?: number
  /** Requests kept for inspection. @default 1000 */
  readonly requestsKept?: number
  /** Lets the market outlive its process: what changed it is written down, and made again at the next start. */
  readonly diary?: MarketDiary
}

/** A running simulator. */
export interface VastAiSimulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** API key of the host, who owns the machines. */
  readonly hostKey: string
  /** API key of a renter with credit. */
  readonly renterKey: string
  readonly hostId: number
  readonly renterId: number
  /** The market itself: read the truth, or act on it behind the wire. */
  readonly world: World
  /** What goes wrong, and when. */
  readonly faults: FaultPlan
  readonly inspect: SimulatorInspection
  /** Lets everything happen up to the clock's now, and tells webhooks. Requests do this by themselves. */
  advance(): void
  /** Resolves when all webhook deliveries have ended. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** What clients did. Never holds a key. */
export interface SimulatorInspection {
  readonly requestCount: number
  /** Requests that could change something. */
  readonly changingRequestCount: number
  /** The last requests, oldest first. */
  readonly requests: readonly LoggedRequest[]
  readonly countByEndpoint: Readonly<Record<string, number>>
  /** Creates that came twice: what a client that repeats blindly causes. */
  readonly duplicateCreates: readonly DuplicateCreate[]
  /** Misspelt fields of search queries. */
  readonly ignoredFields: readonly string[]
  readonly deliveries: readonly Delivery[]
}

/**
 * Starts a wire-compatible Vast.ai on 127.0.0.1.
 *
 * @example
 * const clock = new VirtualClock()
 * await using simulator = await startVastAiSimulator({ clock, seed: 7, models: ['RTX_4090'] })
 * await fetch(`${simulator.url}/api/v0/machines?owner=me`, { headers: { Authorization: `Bearer ${simulator.hostKey}` } })
 */
export async function startVastAiSimulator(options: VastAiSimulatorOptions): Promise<VastAiSimulator> {
  const world =
    options.world ??
    createWorld({
      seed: options.seed,
      startMs: options.startMs ?? options.clock.now(),
      machineIds: (options.machines ?? []).flatMap(({ id }) => id ?? []),
      ...(options.models === undefined ? {} : { models: options.models }),
    })
  const log = new RequestLog(options.requestsKept ?? 1_000)
  const simulation = new Simulation({ world, clock: options.clock, seed: options.seed, log })
  const host = world.addAccount({ kind: 'host', name: 'sim-host' })
  const renter = world.addAccount({
    kind: 'renter',
    name: 'sim-renter',
    balanceUsd: options.renterBalanceUsd ?? 1_000,
  })
  const nowS = world.nowMs / 1000
  const hostKey = simulation.keys.create(simulation.addBook(host), { name: 'host', nowS })
  const renterKey = simulation.keys.create(simulation.addBook(renter), { name: 'renter', nowS })
  for (const machine of options.machines ?? machinesDefault(world)) world.addMachine({ ...machine, hostId: host.id })

  const faults = new FaultPlan(options.seed, options.faults)
  const control = new Control(simulation, faults)
  const dispatcher = new Dispatcher({
    simulation,
    faults,
    routes: allRoutes(simulation),
    limiter: options.rateLimits === false ? undefined : new RateLimiter(),
    onChange: options.diary?.write,
  })
  for (const change of options.diary?.past ?? []) await dispatcher.repeat(change)
  const http = await startHttpServer(options.port ?? 0, async request =>
    request.target.startsWith(CONTROL_PATH) ? control.handle(request) : dispatcher.dispatch(request),
  )
  simulation.url = http.url
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= simulation.notifier.settled().then(() => http.close())
    return closing
  }
  return {
    url: http.url,
    hostKey: hostKey.key,
    renterKey: renterKey.key,
    hostId: host.id,
    renterId: renter.id,
    world,
    faults,
    inspect: inspection(simulation),
    advance: () => simulation.advance(),
    settled: () => simulation.notifier.settled(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function machinesDefault(world: World): readonly Omit<MachineSpec, 'hostId'>[] {
  const model = world.models.includes('RTX_4090') ? 'RTX_4090' : world.models[0]
  if (model === undefined) return []
  return [
    { model, gpuCount: 1 },
    { model, gpuCount: 1 },
  ]
}

function inspection({ log, notifier }: Simulation): SimulatorInspection {
  return {
    get requestCount() {
      return log.count
    },
    get changingRequestCount() {
      return log.changingCount
    },
    get requests() {
      return log.requests
    },
    get countByEndpoint() {
      return log.countByEndpoint
    },
    get duplicateCreates() {
      return log.duplicateCreates
    },
    get ignoredFields() {
      return log.ignoredFields
    },
    get deliveries() {
      return notifier.deliveries
    },
  }
}
