import type { Logger } from '@org/core'
import type { Instance } from '../wire/instance.ts'
import type { Offer } from '../wire/offer.ts'
import { AuditLogs } from './audit-logs.ts'
import { Benchmarks } from './benchmarks.ts'
import { invalidInput } from './check-input.ts'
import { isOnThisMachine, readClientOptions, type VastAiClientOptions } from './client-options.ts'
import type { CreatedInstance } from './create-once.ts'
import { Earnings } from './earnings.ts'
import { EnvVars } from './env-vars.ts'
import { GpuNames } from './gpu-names.ts'
import type { CreateInstance } from './instance-creation.ts'
import { Instances } from './instances.ts'
import { Invoices } from './invoices.ts'
import { Machines } from './machines.ts'
import { Metrics } from './metrics.ts'
import { Offers } from './offers.ts'
import { ScheduledJobs } from './scheduled-jobs.ts'
import { SshKeys } from './ssh-keys.ts'
import { Templates } from './templates.ts'
import { type RequestOptions, Transport } from './transport.ts'
import { Users } from './users.ts'
import { Volumes } from './volumes.ts'
import { Webhooks } from './webhooks.ts'

/** The short form of a search. */
export interface OfferWish {
  /** Any spelling. */
  readonly gpuName?: string | undefined
  /** USD per hour for the whole chunk, storage included. */
  readonly maxDph?: number | undefined
  /** 0 to 1. */
  readonly minReliability?: number | undefined
  /** @default true */
  readonly verifiedOnly?: boolean | undefined
  readonly limit?: number | undefined
}

/**
 * The Vast.ai API, for renters and for hosts.
 *
 * It keeps connections open, keeps calls as far apart as Vast.ai wants them (together with all other clients of the key in this process),
 * and repeats a call only where that cannot act twice. Close it when done.
 *
 * @example
 * await using client = new VastAiClient({ apiKey: process.env['VAST_AI_API_KEY'] })
 * const offers = await client.searchOffers({ gpuName: 'RTX 4090', maxDph: 0.6, limit: 10 })
 */
export class VastAiClient implements AsyncDisposable {
  readonly offers: Offers
  readonly instances: Instances
  readonly machines: Machines
  readonly earnings: Earnings
  readonly metrics: Metrics
  readonly gpuNames: GpuNames
  readonly templates: Templates
  readonly volumes: Volumes
  readonly benchmarks: Benchmarks
  readonly invoices: Invoices
  readonly users: Users
  readonly sshKeys: SshKeys
  readonly envVars: EnvVars
  readonly scheduledJobs: ScheduledJobs
  readonly webhooks: Webhooks
  readonly auditLogs: AuditLogs
  /** True: it speaks to a server on this machine, which can only be a stand-in. */
  readonly isLocal: boolean
  /** The one it was made with; a venue on top of it warns there, too. */
  readonly logger: Logger
  readonly #transport: Transport

  /** @throws {InvalidInputError} for a key or an address that cannot be right; no request is made. */
  constructor(options: VastAiClientOptions) {
    const settings = readClientOptions(options)
    const transport = new Transport(settings)
    this.#transport = transport
    this.logger = settings.logger
    this.isLocal = isOnThisMachine(new URL(settings.baseUrl))
    this.gpuNames = new GpuNames(transport)
    this.offers = new Offers(transport, this.gpuNames)
    this.instances = new Instances(transport)
    this.machines = new Machines(transport)
    this.earnings = new Earnings(transport)
    this.metrics = new Metrics(transport)
    this.templates = new Templates(transport)
    this.volumes = new Volumes(transport)
    this.benchmarks = new Benchmarks(transport)
    this.invoices = new Invoices(transport)
    this.users = new Users(transport)
    this.sshKeys = new SshKeys(transport)
    this.envVars = new EnvVars(transport)
    this.scheduledJobs = new ScheduledJobs(transport)
    this.webhooks = new Webhooks(transport)
    this.auditLogs = new AuditLogs(transport)
  }

  /**
   * Offers that meet a few common wishes, cheapest first.
   *
   * @example
   * const [cheapest] = await client.searchOffers({ gpuName: 'RTX_4090', maxDph: 0.6, minReliability: 0.9, limit: 10 })
   */
  async searchOffers(wish: OfferWish = {}, options?: RequestOptions): Promise<readonly Offer[]> {
    const { gpuName, maxDph, minReliability, verifiedOnly = true, limit } = wish
    if (maxDph !== undefined && !(maxDph > 0)) throw invalidInput(`expected maxDph above 0 USD per hour, was ${maxDph}`)
    if (minReliability !== undefined && !(minReliability >= 0 && minReliability <= 1))
      throw invalidInput(`expected minReliability from 0 to 1, was ${minReliability}`)
    const filter = {
      gpu_name: gpuName,
      dph_total: maxDph === undefined ? undefined : { lte: maxDph },
      reliability: minReliability === undefined ? undefined : { gte: minReliability },
      verified: verifiedOnly ? true : ('any' as const),
    }
    return (await this.offers.search({ filter, limit, order: [['dph_total', 'asc']] }, options)).offers
  }

  /** Rents an offer exactly once; see {@link Instances.create}. */
  async createInstance(input: CreateInstance, options?: RequestOptions): Promise<CreatedInstance> {
    return this.instances.create(input, options)
  }

  /** All own instances. */
  async listInstances(options?: RequestOptions): Promise<readonly Instance[]> {
    return this.instances.list({}, options)
  }

  /** Ends a rental and deletes its data. */
  async destroyInstance(instanceId: number, options?: RequestOptions): Promise<void> {
    return this.instances.destroy(instanceId, options)
  }

  /** Waits for calls under way and closes the connections. A closed client refuses calls. */
  async close(): Promise<void> {
    await this.#transport.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
