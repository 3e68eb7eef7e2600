import { z } from 'zod'
import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import {
  cleanupSchema,
  listingWrittenSchema,
  type Machine,
  type MachineReport,
  type Maintenance,
  machineReportSchema,
  maintenanceSchema,
  oneMachineSchema,
} from '../wire/machine.ts'
import { checkId, checkIds, checkInput, invalidInput } from './check-input.ts'
import { endpoints } from './endpoints.ts'
import { VastAiNotFoundError } from './errors.ts'
import { type ListingWrite, listingBody, listingWriteSchema } from './listing-input.ts'
import { type DefaultJob, defaultJobSchema, type MaintenanceWindow, maintenanceWindowSchema } from './machine-input.ts'
import { type MachineRows, machineRowsSchema, readMachineRows, unreadableError } from './read-machine-rows.ts'
import type { RequestOptions, Transport } from './transport.ts'

const ack = acknowledgementSchema
const reportsSchema = z.array(machineReportSchema)
const maintenancesSchema = z.array(maintenanceSchema)
/** Machines of one request at most. */
const machineIdsMax = 1000

/** Machines, seen by their host. Prices are what the host earns. */
export class Machines {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /**
   * All own machines, listed or not.
   *
   * @throws {VastAiMalformedResponseError} when one of them cannot be read; {@link listRows} reads the others.
   */
  async list(options?: RequestOptions): Promise<readonly Machine[]> {
    const { machines, unreadable } = await this.listRows(options)
    if (unreadable.length > 0) throw unreadableError(endpoints.listMachines.name, unreadable)
    return machines
  }

  /**
   * All own machines, and which of them cannot be read: those are not gone.
   *
   * @throws {VastAiMalformedResponseError} when there are machines and none can be read.
   */
  async listRows(options?: RequestOptions): Promise<MachineRows> {
    const target = endpoints.listMachines
    const answer = await this.#transport.call(target, machineRowsSchema, { query: { owner: 'me' } }, options)
    return readMachineRows(target.name, answer.machines)
  }

  /** One own machine. @throws {VastAiNotFoundError} when it is not, or no longer, one of the host's. */
  async get(machineId: number, options?: RequestOptions): Promise<Machine> {
    const outgoing = { ids: [checkId(machineId, 'machineId')], query: { owner: 'me' } }
    const [machine] = await this.#transport.call(endpoints.getMachine, oneMachineSchema, outgoing, options)
    if (machine !== undefined) return machine
    throw new VastAiNotFoundError({
      endpoint: endpoints.getMachine.name,
      message: `there is no machine ${machineId} of yours: it vanished, or belongs to another account`,
    })
  }

  /**
   * Lists a machine, or changes its listing, by writing all its terms. Running contracts keep their price; a later end extends them,
   * a higher price stops that until their renters accept.
   *
   * Read the machine back afterwards: Vast.ai accepts some writes and keeps other values.
   *
   * @returns How many running contracts were extended to the new end.
   */
  async writeListing(
    machineId: number,
    terms: ListingWrite,
    options?: RequestOptions,
  ): Promise<{ readonly extended: number }> {
    checkId(machineId, 'machineId')
    const body = listingBody(machineId, checkInput(listingWriteSchema, terms, `the listing of machine ${machineId}`))
    const answer = await this.#transport.call(endpoints.writeListing, listingWrittenSchema, { body }, options)
    return { extended: answer.extended ?? 0 }
  }

  /** Takes a machine off the market; running contracts continue to their end. */
  async unlist(machineId: number, options?: RequestOptions): Promise<void> {
    const ids = [checkId(machineId, 'machineId')]
    await this.#transport.call(endpoints.unlist, ack, { ids }, options)
  }

  /** Sets the floor of interruptible bids, USD per GPU-hour in host terms. Read it back: the answer does not tell. */
  async setMinBid(machineId: number, pricePerGpuHour: number, options?: RequestOptions): Promise<void> {
    if (!(pricePerGpuHour >= 0 && pricePerGpuHour <= 1000))
      throw invalidInput(`expected pricePerGpuHour from 0 to 1000 USD, was ${String(pricePerGpuHour)}`)
    const outgoing = { ids: [checkId(machineId, 'machineId')], body: { client_id: 'me', price: pricePerGpuHour } }
    await this.#transport.call(endpoints.setMinBid, ack, outgoing, options)
  }

  /** Sets what runs while nobody rents. */
  async setDefaultJob(machineId: number, job: DefaultJob, options?: RequestOptions): Promise<void> {
    checkId(machineId, 'machineId')
    const { pricePerGpuHour, uploadPerGb, downloadPerGb, image, args } = checkInput(
      defaultJobSchema,
      job,
      'the default job',
    )
    const prices = { price_gpu: pricePerGpuHour, price_inetu: uploadPerGb, price_inetd: downloadPerGb }
    const body = { machine: machineId, ...prices, image, args }
    await this.#transport.call(endpoints.setDefaultJob, ack, { body }, options)
  }

  async removeDefaultJob(machineId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(machineId, 'machineId')], removes: true }
    await this.#transport.call(endpoints.removeDefaultJob, ack, outgoing, options)
  }

  /** Announces that a machine will be down; its renters are told at once. */
  async scheduleMaintenance(machineId: number, window: MaintenanceWindow, options?: RequestOptions): Promise<void> {
    const { startMs, hours, category } = checkInput(maintenanceWindowSchema, window, 'the maintenance window')
    const body = { client_id: 'me', sdate: startMs / 1000, duration: hours, maintenance_category: category }
    const ids = [checkId(machineId, 'machineId')]
    await this.#transport.call(endpoints.scheduleMaintenance, ack, { ids, body }, options)
  }

  /** Takes back all announced windows of a machine. */
  async cancelMaintenance(machineId: number, options?: RequestOptions): Promise<void> {
    const outgoing = {
      ids: [checkId(machineId, 'machineId')],
      body: { client_id: 'me', machine_id: machineId },
      removes: true,
    }
    await this.#transport.call(endpoints.cancelMaintenance, ack, outgoing, options)
  }

  /** Announced windows of some machines. */
  async listMaintenance(machineIds: readonly number[], options?: RequestOptions): Promise<readonly Maintenance[]> {
    const query = { owner: 'me', machine_ids: checkIds(machineIds, 'machineIds', machineIdsMax) }
    return this.#transport.call(endpoints.listMaintenance, maintenancesSchema, { query }, options)
  }

  /** Frees the disk of expired instances at once, instead of after 48 hours. @returns How many were removed. */
  async cleanup(machineId: number, options?: RequestOptions): Promise<{ readonly removed: number }> {
    const ids = [checkId(machineId, 'machineId')]
    const answer = await this.#transport.call(endpoints.cleanupMachine, cleanupSchema, { ids }, options)
    return { removed: answer.num_deleted ?? 0 }
  }

  /** Rearranges free GPUs so that larger chunks can be offered. */
  async defrag(machineIds: readonly number[], options?: RequestOptions): Promise<void> {
    const body = { machine_ids: checkIds(machineIds, 'machineIds', machineIdsMax) }
    await this.#transport.call(endpoints.defragMachines, ack, { body }, options)
  }

  /** Removes a machine from the account, unless clients use it. */
  async forceDelete(machineId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(machineId, 'machineId')], removes: true }
    await this.#transport.call(endpoints.deleteMachine, ack, outgoing, options)
  }

  /** What clients complained about. */
  async reports(machineId: number, options?: RequestOptions): Promise<readonly MachineReport[]> {
    const outgoing = { ids: [checkId(machineId, 'machineId')], body: { machine_id: machineId } }
    return this.#transport.call(endpoints.machineReports, reportsSchema, outgoing, options)
  }
}
