import { AutomationError, VirtualClock } from '@org/core'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { parseFault } from '../faults/parse-fault.ts'
import type { ExchangeInspection } from '../inspection.ts'
import { type Answer, json } from './answer.ts'
import type { RawRequest } from './dispatcher.ts'
import type { Simulation } from './simulation.ts'

/** Where the simulator itself is controlled: a path that cannot clash with the exchange's. */
export const CONTROL_PATH = '/__sim__/'

const ADVANCE_MS_MAX = 400 * 86_400_000

/** Answers what is asked of the simulator rather than of the exchange. Nothing here is counted as a request, nothing shows keys. */
export class Control {
  readonly #simulation: Simulation
  readonly #faults: FaultPlan
  readonly #inspect: ExchangeInspection

  constructor(simulation: Simulation, faults: FaultPlan, inspect: ExchangeInspection) {
    this.#simulation = simulation
    this.#faults = faults
    this.#inspect = inspect
  }

  handle(request: RawRequest): Answer {
    try {
      return this.#route(request)
    } catch (error) {
      if (error instanceof ControlRefusal) return json({ error: error.message }, error.status)
      if (AutomationError.isInstance(error)) return json({ error: error.shortMessage }, 400)
      if (error instanceof RangeError) return json({ error: error.message }, 400)
      throw error
    }
  }

  #route(request: RawRequest): Answer {
    const [path = ''] = request.target.slice(CONTROL_PATH.length).split('?')
    const [resource, id = ''] = path.split('/')
    switch (`${request.method} ${resource}`) {
      case 'GET state':
        return json(this.#state())
      case 'GET requests':
        return json({ requests: this.#inspect.requests })
      case 'GET faults':
        return json({ faults: this.#faults.faults })
      case 'POST faults':
        return json({ id: this.#faults.add(parseFault(parseBody(request.bodyText))) })
      case 'DELETE faults':
        if (id === '') this.#faults.clear()
        else if (!this.#faults.remove(Number(id))) throw new ControlRefusal('no such fault', 404)
        return json({})
      case 'POST advance':
        return json(this.#advance(amount(request.bodyText, 'ms', ADVANCE_MS_MAX)))
      case 'POST skew':
        this.#simulation.clockSkewMs = amount(request.bodyText, 'ms', ADVANCE_MS_MAX, -ADVANCE_MS_MAX)
        return json({ clock_skew_ms: this.#simulation.clockSkewMs })
      case 'POST shock':
        this.#inspect.shock(id, amount(request.bodyText, 'factor', 1_000))
        return json({ fair_price: this.#inspect.fairPrice(id) })
      default:
        throw new ControlRefusal(`no such control: ${request.method} ${CONTROL_PATH}${path}`, 404)
    }
  }

  #state(): object {
    this.#simulation.advance()
    const { exchange, clock, clockSkewMs } = this.#simulation
    const accounts = [...exchange.traders.values()].filter(trader => trader.history !== undefined)
    return {
      now_ms: exchange.nowMs,
      is_virtual: clock instanceof VirtualClock,
      clock_skew_ms: clockSkewMs,
      requests: this.#inspect.requestCount,
      requests_by_endpoint: this.#inspect.countByEndpoint,
      faults: this.#faults.faults.length,
      accounts: accounts.map(({ name, open }) => ({
        name,
        balances: this.#inspect.balances(name),
        open_orders: open.size,
        trades: this.#inspect.trades(name).length,
        reused_client_order_ids: this.#inspect.reusedClientOrderIds(name),
      })),
      markets: [...exchange.listings.keys()].map(symbol => ({ symbol, fair_price: this.#inspect.fairPrice(symbol) })),
      totals: this.#inspect.totals(),
    }
  }

  #advance(ms: number): object {
    const { clock } = this.#simulation
    if (!(clock instanceof VirtualClock))
      throw new ControlRefusal('time passes by itself here: it can be advanced on a virtual clock only', 400)
    clock.jumpTo(clock.now() + ms)
    this.#simulation.advance()
    return { now_ms: this.#simulation.exchange.nowMs }
  }
}

class ControlRefusal extends Error {
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.status = status
  }
}

function parseBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>
  } catch {
    // Falls through to the refusal.
  }
  throw new ControlRefusal('expected a JSON object', 400)
}

function amount(text: string, name: string, max: number, min = 0): number {
  const value = parseBody(text)[name]
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw new ControlRefusal(`${name}: expected a number from ${min} to ${max}`, 400)
  return value
}
