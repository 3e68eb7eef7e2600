import type { CallOptions, Clock } from '@org/core'
import type { MachineView } from '../actions/machine-view.ts'
import { VastAiMalformedResponseError, VastAiNotFoundError, VastAiPermissionError } from '../client/errors.ts'
import type { UnreadableMachine } from '../client/read-machine-rows.ts'
import type { VastAiClient } from '../client/vast-ai-client.ts'
import type { HostPrice } from '../market/price.ts'
import type { Machine } from '../wire/machine.ts'
import { toMachineView } from './to-machine-view.ts'
import { machineGone, machineUnreadable } from './venue-error.ts'

/** A look at the machines this young answers what kind a machine is. */
const recentMs = 60_000
/** What was found of own instances holds this long while nothing on the machines changes. */
const ownUseMs = 900_000

const noGpus: ReadonlyMap<number, number> = new Map()

/** The key's machines, and which of their GPUs the host rents from himself. */
export class OwnMachines {
  readonly #client: VastAiClient
  readonly #clock: Clock
  #ids: ReadonlySet<number> | undefined
  #newest: { readonly at: number; readonly views: readonly MachineView[] } | undefined
  #listed: ReadonlyMap<number, HostPrice> = new Map()
  #seenOwnUse: { readonly holders: string; readonly at: number; readonly gpus: ReadonlyMap<number, number> } | undefined
  /** Machines whose rows cannot be read, as last seen: own machines, and not gone. */
  #unreadable: ReadonlySet<number> = new Set()
  readonly #toldUnreadable = new Set<number | undefined>()
  #hasWarned = false

  constructor(client: VastAiClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** Those that can be read; a warning names the others, once. */
  async list(options: CallOptions = {}): Promise<readonly MachineView[]> {
    const { machines, unreadable } = await this.#client.machines.listRows(options)
    const views = await this.#look(machines, options)
    this.#newest = { at: this.#clock.now(), views }
    this.#unreadable = new Set(unreadable.flatMap(({ machineId }) => machineId ?? []))
    // A list that was cut short makes nobody else's machine of ours.
    this.#ids = new Set([...(this.#ids ?? []), ...views.map(view => view.machineId), ...this.#unreadable])
    for (const row of unreadable) this.#warnOfUnreadable(row)
    this.#listed = new Map(
      views.flatMap(({ machineId, listing }) =>
        listing === undefined ? [] : [[machineId, listing.pricePerGpuHour as HostPrice] as const],
      ),
    )
    return views
  }

  /**
   * One machine, as it is now. One that the list does not show is asked for by its id before it is called gone.
   *
   * @throws {VastAiVenueError} `MACHINE_GONE`; `MACHINE_UNREADABLE` for one that is there and cannot be read.
   */
  async get(machineId: number, options: CallOptions = {}): Promise<MachineView> {
    const listed = (await this.list(options)).find(machine => machine.machineId === machineId)
    if (listed !== undefined) return listed
    try {
      const [view] = await this.#look([await this.#client.machines.get(machineId, options)], options)
      if (view?.machineId === machineId) return view
    } catch (error) {
      if (this.#unreadable.has(machineId) && isNoAnswerAboutIt(error)) throw machineUnreadable(machineId, error)
      if (!(error instanceof VastAiNotFoundError)) throw error
    }
    throw this.#unreadable.has(machineId) ? machineUnreadable(machineId) : machineGone(machineId)
  }

  /** As seen within the last minute, else asked for anew. @throws {VastAiVenueError} as {@link get} does */
  async recent(machineId: number, options: CallOptions = {}): Promise<MachineView> {
    const age = this.#clock.now() - (this.#newest?.at ?? Number.NEGATIVE_INFINITY)
    const known =
      age >= 0 && age <= recentMs ? this.#newest?.views.find(view => view.machineId === machineId) : undefined
    return known ?? (await this.get(machineId, options))
  }

  /** Ids as last seen; asked for when they were never seen. A renter's key has none. */
  async ids(options: CallOptions = {}): Promise<ReadonlySet<number>> {
    if (this.#ids !== undefined) return this.#ids
    try {
      await this.list(options)
    } catch (error) {
      if (!(error instanceof VastAiPermissionError)) throw error
      this.#ids = new Set()
    }
    return this.#ids ?? new Set()
  }

  /** What each machine is listed at, as last seen. */
  get listed(): ReadonlyMap<number, HostPrice> {
    return this.#listed
  }

  #warnOfUnreadable({ machineId, reason }: UnreadableMachine): void {
    if (this.#toldUnreadable.has(machineId)) return
    this.#toldUnreadable.add(machineId)
    this.#client.logger.warn(
      { code: 'MACHINE_UNREADABLE', machineId },
      `machine ${machineId ?? 'without a readable id'} is left alone, the others go on: its row cannot be read (${reason})`,
    )
  }

  async #look(machines: readonly Machine[], options: CallOptions): Promise<readonly MachineView[]> {
    const ownUse = await this.#ownUse(machines, options)
    return machines.map(machine => toMachineView(machine, ownUse.get(machine.id) ?? 0, this.#clock.now()))
  }

  /**
   * GPUs of each machine that run the host's own instances: they count as running rentals and are no demand. Asked for again when who
   * holds which GPUs has changed, and from time to time.
   */
  async #ownUse(machines: readonly Machine[], options: CallOptions): Promise<ReadonlyMap<number, number>> {
    const rented = machines.filter(machine => (machine.current_rentals_running ?? 0) > 0)
    if (rented.length === 0) return noGpus
    const now = this.#clock.now()
    const holders = rented.map(holdersOf).join()
    const known = this.#seenOwnUse
    if (known?.holders === holders && now >= known.at && now - known.at <= ownUseMs) return known.gpus
    const gpus = await this.#countOwnUse(new Set(rented.map(machine => machine.id)), options)
    this.#seenOwnUse = { holders, at: now, gpus }
    return gpus
  }

  async #countOwnUse(ids: ReadonlySet<number>, options: CallOptions): Promise<ReadonlyMap<number, number>> {
    const gpus = new Map<number, number>()
    try {
      for (const instance of await this.#client.instances.list({}, options)) {
        if (instance.machine_id == null || !ids.has(instance.machine_id) || instance.cur_state !== 'running') continue
        gpus.set(instance.machine_id, (gpus.get(instance.machine_id) ?? 0) + (instance.num_gpus ?? 1))
      }
    } catch (error) {
      if (!(error instanceof VastAiPermissionError)) throw error
      if (!this.#hasWarned)
        this.#client.logger.warn(
          { code: error.code },
          'the key may not read instances (permission group instance_read): your own test rentals count as demand',
        )
      this.#hasWarned = true
    }
    return gpus
  }
}

function isNoAnswerAboutIt(error: unknown): boolean {
  return error instanceof VastAiNotFoundError || error instanceof VastAiMalformedResponseError
}

function holdersOf(machine: Machine): string {
  return `${machine.id} ${machine.current_rentals_running} ${machine.current_rentals_resident} ${machine.gpu_occupancy}`
}
