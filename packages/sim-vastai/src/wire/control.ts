import { AutomationError, VirtualClock } from '@org/core'
import type { FaultPlan } from '../faults/fault-plan.ts'
import { parseFault } from '../faults/parse-fault.ts'
import { type Answer, json } from './answer.ts'
import type { RawRequest } from './dispatcher.ts'
import { isJsonObject, type JsonObject, parseJson } from './json.ts'
import { Refused } from './refused.ts'
import type { Simulation } from './simulation.ts'

/** Where the simulator itself is controlled: a path that cannot clash with the service's. */
export const CONTROL_PATH = '/__sim__/'

const ADVANCE_MS_MAX = 400 * 86_400_000

/** Answers what is asked of the simulator rather than of the service. Nothing here is counted as a request, nothing shows keys. */
export class Control {
  readonly #simulation: Simulation
  readonly #faults: FaultPlan

  constructor(simulation: Simulation, faults: FaultPlan) {
    this.#simulation = simulation
    this.#faults = faults
  }

  handle(request: RawRequest): Answer {
    try {
      return this.#route(request)
    } catch (error) {
      if (error instanceof Refused) return error.answer
      if (AutomationError.isInstance(error))
        return json({ success: false, error: error.code, msg: error.shortMessage }, 400)
      throw error
    }
  }

  #route(request: RawRequest): Answer {
    const [path = ''] = request.target.slice(CONTROL_PATH.length).split('?')
    const [resource, id] = path.split('/')
    const body = request.bodyText === '' ? {} : parseJson(request.bodyText)
    if (!isJsonObject(body)) throw new Refused(400, 'invalid_json', 'The request body is not a JSON object.')
    switch (`${request.method} ${resource}`) {
      case 'GET state':
        return json(this.#state())
      case 'GET requests':
        return json({ requests: this.#simulation.log.requests })
      case 'GET duplicates':
        return json({ duplicate_creates: this.#simulation.log.duplicateCreates })
      case 'GET machines':
        return json(this.#machine(Number(id)))
      case 'GET faults':
        return json({ faults: this.#faults.faults })
      case 'POST faults':
        return json({ id: this.#faults.add(parseFault(body)) })
      case 'DELETE faults':
        if (id === undefined || id === '') this.#faults.clear()
        else if (!this.#faults.remove(Number(id))) throw new Refused(404, 'no_such_fault', 'No such fault.')
        return json({ success: true })
      case 'POST advance':
        return json(this.#advance(body))
      default:
        throw new Refused(404, 'not_found', `No such control: ${request.method} ${CONTROL_PATH}${path}`)
    }
  }

  #state(): object {
    this.#simulation.advance()
    const { world, log, clock } = this.#simulation
    const money = world.money()
    return {
      now_ms: world.nowMs,
      is_virtual: clock instanceof VirtualClock,
      seed: this.#simulation.seed,
      models: world.models,
      requests: log.count,
      changing_requests: log.changingCount,
      requests_by_endpoint: log.countByEndpoint,
      ignored_fields: log.ignoredFields,
      duplicate_creates: log.duplicateCreates.length,
      faults: this.#faults.faults.length,
      webhook_deliveries: this.#simulation.notifier.deliveries.length,
      accounts: [...this.#simulation.books].map(book => {
        const { id, kind, name, balanceUsd } = world.account(book.account.id)
        const instances = world.contracts({ accountId: id }).map(contract => contract.id)
        return { id, kind, name, balance_usd: balanceUsd, instances }
      }),
      money: { renter_paid_usd: money.renterPaidUsd, host_earned_usd: money.hostEarnedUsd, fee_usd: money.feeUsd },
      digest: world.digest(),
    }
  }

  #machine(machineId: number): object {
    this.#simulation.advance()
    const { world } = this.#simulation
    if (!world.hasMachine(machineId)) throw new Refused(404, 'no_such_machine', 'No such machine.')
    const truth = world.machineTruth(machineId)
    return { ...truth, gpuHoursByHostCents: Object.fromEntries(truth.gpuHoursByHostCents) }
  }

  #advance(body: JsonObject): object {
    const { clock } = this.#simulation
    const ms = body['ms']
    if (!(clock instanceof VirtualClock))
      throw new Refused(400, 'not_virtual', 'Time passes by itself here: it can be advanced on a virtual clock only.')
    if (typeof ms !== 'number' || !(ms >= 0 && ms <= ADVANCE_MS_MAX))
      throw new Refused(400, 'invalid_args', 'Invalid ms: expected a number >= 0')
    clock.jumpTo(clock.now() + ms)
    this.#simulation.advance()
    return { now_ms: this.#simulation.world.nowMs }
  }
}
