import type { Clock } from '@org/core'
import type { Fault } from './faults/fault.ts'
import { FaultPlan } from './faults/fault-plan.ts'
import { ExchangeInspection } from './inspection.ts'
import { type AccountSpec, Exchange, type SymbolSpec } from './market/exchange.ts'
import { attachSockets } from './streams/socket-server.ts'
import { StreamHub } from './streams/stream-hub.ts'
import { CONTROL_PATH, Control } from './wire/control.ts'
import { Dispatcher } from './wire/dispatcher.ts'
import { startHttpServer } from './wire/http-server.ts'
import type { RequestLimits } from './wire/request-weights.ts'
import { Simulation } from './wire/simulation.ts'

/** Ask of {@link startExchangeSimulator}. */
export interface ExchangeSimulatorOptions {
  /** Where the simulation's time comes from: a `VirtualClock` for tests, a real one to serve people. */
  readonly clock: Clock
  /** Any 32-bit integer. The same seed and the same requests give the same market. */
  readonly seed: number
  /** Simulators with one path seed share their fair prices, also in other processes. @default 1 */
  readonly pathSeed?: number
  /** Added to the fair price, in hundredths of a per cent of it: what makes two venues differ. @default 0 */
  readonly offsetBps?: number | ((atMs: number) => number)
  /** @default BTC/USDT and ETH/USDT with makers and noise traders */
  readonly symbols?: readonly SymbolSpec[]
  /** Accounts by name. @default `main` with 10 BTC, 100 ETH and 1,000,000 USDT */
  readonly accounts?: Readonly<Record<string, AccountSpec>>
  /** Things to go wrong from the start. */
  readonly faults?: readonly Fault[]
  /** `false`: throttle nobody. @default as documented: weight 6000 per minute, 100 orders per 10 s, 200,000 per day */
  readonly rateLimits?: RequestLimits | false
  /** @default 0, a free one */
  readonly port?: number
  /** Requests kept for inspection. @default 1000 */
  readonly requestsKept?: number
}

/** A key that signs requests. */
export interface Credentials {
  readonly apiKey: string
  readonly secret: string
}

/** A running simulator. */
export interface ExchangeSimulator extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** `ws://127.0.0.1:<port>`; streams at `/ws` and `/stream`, the WebSocket API at `/ws-api/v3`. */
  readonly wsUrl: string
  /** The first account's key. */
  readonly apiKey: string
  readonly secret: string
  /** What goes wrong, and when. */
  readonly faults: FaultPlan
  /** The truth behind the wire, and hands to change it. */
  readonly inspect: ExchangeInspection
  /** How far the exchange's own time is ahead of the clock; may be changed. */
  clockSkewMs: number
  /** The key of an account by name. */
  credentials(account: string): Credentials
  /** Lets everything happen up to the clock's now, and tells the streams. Requests do this by themselves. */
  advance(): void
  /** Breaks every WebSocket, as networks do. */
  disconnectStreams(): void
  close(): Promise<void>
}

const symbolsDefault: readonly SymbolSpec[] = [
  { base: 'BTC', quote: 'USDT', price: 60_000 },
  { base: 'ETH', quote: 'USDT', price: 3_000, stepSize: '0.0001' },
]
const accountsDefault: Readonly<Record<string, AccountSpec>> = {
  main: { balances: { BTC: '10', ETH: '100', USDT: '1000000' } },
}

/**
 * Starts a wire-compatible spot exchange on 127.0.0.1.
 *
 * @throws {InvalidInputError} `SIM_INSTRUMENT_INVALID`, `SIM_ACCOUNT_INVALID` or `SIM_PORT_UNAVAILABLE`.
 *
 * @example
 * const clock = new VirtualClock()
 * await using simulator = await startExchangeSimulator({ clock, seed: 7 })
 * const exchange = new ccxt.binance(ccxtConfig(simulator))
 */
export async function startExchangeSimulator(options: ExchangeSimulatorOptions): Promise<ExchangeSimulator> {
  const exchange = new Exchange({
    seed: options.seed,
    pathSeed: options.pathSeed ?? 1,
    startMs: Math.floor(options.clock.now()),
    symbols: options.symbols ?? symbolsDefault,
    offsetBps: options.offsetBps ?? 0,
  })
  const simulation = new Simulation({
    exchange,
    clock: options.clock,
    seed: options.seed,
    limits: options.rateLimits ?? {},
    requestsKept: options.requestsKept ?? 1_000,
  })
  const keys = new Map<string, Credentials>()
  for (const [name, spec] of Object.entries(options.accounts ?? accountsDefault)) {
    const { apiKey, secret } = simulation.keys.create(exchange.addAccount(name, spec), spec.permission ?? 'trade')
    keys.set(name, { apiKey, secret })
  }
  const faults = new FaultPlan(options.seed, options.faults)
  const inspect = new ExchangeInspection(exchange, simulation.log)
  const control = new Control(simulation, faults, inspect)
  const hub = new StreamHub(simulation)
  const dispatcher = new Dispatcher({ simulation, faults, onDone: () => hub.flush() })
  const http = await startHttpServer(options.port ?? 0, async request => {
    if (!request.target.startsWith(CONTROL_PATH)) return dispatcher.dispatch(request)
    const answer = control.handle(request)
    hub.flush()
    return answer
  })
  const sockets = attachSockets(http.server, simulation, hub)
  const [first] = keys.values()
  let closing: Promise<void> | undefined
  const close = () => {
    for (const connection of hub.connections) connection.terminate()
    sockets.close()
    closing ??= http.close()
    return closing
  }
  return {
    url: `http://127.0.0.1:${http.port}`,
    wsUrl: `ws://127.0.0.1:${http.port}`,
    apiKey: first?.apiKey ?? '',
    secret: first?.secret ?? '',
    faults,
    inspect,
    get clockSkewMs() {
      return simulation.clockSkewMs
    },
    set clockSkewMs(ms: number) {
      simulation.clockSkewMs = ms
    },
    credentials(account) {
      const found = keys.get(account)
      if (found === undefined)
        throw new RangeError(`no account is named ${account}: known are ${[...keys.keys()].join(', ')}`)
      return found
    },
    advance() {
      simulation.advance()
      hub.flush()
    },
    disconnectStreams() {
      for (const connection of hub.connections) connection.terminate()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
