import { acknowledgementSchema } from '../wire/acknowledgement.ts'
import {
  type Instance,
  type InstanceFilterValue,
  instanceBalanceSchema,
  instanceFiltersSchema,
  instancePageSchema,
  oneInstanceSchema,
  type Prepayment,
  prepaymentSchema,
} from '../wire/instance.ts'
import { checkId, checkIds, checkInput, invalidInput } from './check-input.ts'
import type { CreatedInstance } from './create-once.ts'
import { endpoints } from './endpoints.ts'
import { VastAiMalformedResponseError, VastAiNotFoundError } from './errors.ts'
import {
  bulkMax,
  type CreateInstance,
  type CreateInstances,
  InstanceCreation,
  type LaunchInstance,
} from './instance-creation.ts'
import { composeInstanceLabel } from './instance-label.ts'
import { type InstancePageAnswer, type InstanceSearch, instanceListQuery, pagesMax } from './instance-list.ts'
import { readOutput } from './instance-output.ts'
import { type InstanceUpdate, instanceUpdateSchema, updateBody } from './instance-update.ts'
import { PriceIncreases } from './price-increases.ts'
import { checkPublicKey } from './ssh-public-key.ts'
import type { RequestOptions, Transport } from './transport.ts'

const ack = acknowledgementSchema

/** Rentals, seen by the renter. */
export class Instances {
  /** Hosts' requests to raise prices. */
  readonly priceIncreases: PriceIncreases
  readonly #transport: Transport
  readonly #creation: InstanceCreation

  constructor(transport: Transport) {
    this.#transport = transport
    this.priceIncreases = new PriceIncreases(transport)
    this.#creation = new InstanceCreation(transport, {
      findByLabel: (label, options) => this.#findByLabel(label, options),
      destroy: (id, options) => this.destroy(id, options),
    })
  }

  /** One page of instances; `next_token` leads to the next. */
  async listPage(search: InstanceSearch = {}, options?: RequestOptions): Promise<InstancePageAnswer> {
    const query = instanceListQuery(search)
    return this.#transport.call(endpoints.listInstances, instancePageSchema, { query }, options)
  }

  /**
   * All pages, one by one.
   *
   * @throws {VastAiMalformedResponseError} when the pages end before all that were counted have come: what is missing might be the one
   *   that is looked for.
   */
  async *pages(search: InstanceSearch = {}, options?: RequestOptions): AsyncGenerator<InstancePageAnswer, void> {
    let { after } = search
    let seen = 0
    for (let page = 0; page < pagesMax; page++) {
      const answer = await this.listPage({ ...search, after }, options)
      seen += answer.instances.length
      yield answer
      if (answer.next_token == null || answer.next_token === '') {
        if (search.after === undefined && seen < (answer.instances_found ?? 0)) throw cutShort(seen, answer)
        return
      }
      after = answer.next_token
    }
    throw invalidInput(`more than ${pagesMax} pages of instances: narrow the filter`)
  }

  /** All instances that match. */
  async list(search: InstanceSearch = {}, options?: RequestOptions): Promise<readonly Instance[]> {
    const instances: Instance[] = []
    for await (const page of this.pages(search, options)) instances.push(...page.instances)
    return instances
  }

  /** One instance. @throws {VastAiNotFoundError} when there is none of that id any more. */
  async get(instanceId: number, options?: RequestOptions): Promise<Instance> {
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], query: { owner: 'me' } }
    const { instances } = await this.#transport.call(endpoints.getInstance, oneInstanceSchema, outgoing, options)
    if (instances !== null) return instances
    throw new VastAiNotFoundError({
      endpoint: endpoints.getInstance.name,
      message: `there is no instance ${instanceId} any more`,
    })
  }

  /** The instance that carries an idempotency key, if one was ever rented with it and still exists. */
  async findByKey(
    key: { readonly idempotencyKey: string; readonly label?: string | undefined },
    options?: RequestOptions,
  ): Promise<Instance | undefined> {
    return (await this.#labelled(composeInstanceLabel(key.label, key.idempotencyKey), options))[0]
  }

  /** Values of status, verification and GPU that occur among the instances. */
  async filters(options?: RequestOptions): Promise<readonly InstanceFilterValue[]> {
    return (await this.#transport.call(endpoints.instanceFilters, instanceFiltersSchema, {}, options)).filters
  }

  /**
   * Rents an offer exactly once: the idempotency key travels in the label, and after a lost answer it is looked for before anything is
   * sent again.
   *
   * @throws {VastAiOfferGoneError} when somebody was faster.
   * @throws {VastAiError} with `effect: 'unknown'` when it cannot be told yet: ask {@link findByKey} later.
   * @example
   * const { instanceId } = await client.instances.create({ offerId: offer.id, image: 'pytorch/pytorch', idempotencyKey: 'run-42' })
   */
  async create(input: CreateInstance, options?: RequestOptions): Promise<CreatedInstance> {
    return this.#creation.create(input, options)
  }

  /** Rents the first offer that a search finds, in one request; guarded like {@link create}. */
  async launch(input: LaunchInstance, options?: RequestOptions): Promise<CreatedInstance> {
    return this.#creation.launch(input, options)
  }

  /**
   * Rents several offers in one request, which is **not** guarded: after an error with `effect: 'unknown'`, list the instances. Prefer
   * {@link create} in a loop.
   */
  async createMany(input: CreateInstances, options?: RequestOptions): Promise<readonly number[]> {
    return this.#creation.createMany(input, options)
  }

  /** Starts a stopped instance as soon as its GPUs are free. */
  async start(instanceId: number, options?: RequestOptions): Promise<void> {
    await this.#manage(instanceId, { state: 'running' }, options)
  }

  async startMany(instanceIds: readonly number[], options?: RequestOptions): Promise<void> {
    await this.#manageMany(instanceIds, 'running', options)
  }

  /** Stops it; the disk stays and is billed. */
  async stop(instanceId: number, options?: RequestOptions): Promise<void> {
    await this.#manage(instanceId, { state: 'stopped' }, options)
  }

  async stopMany(instanceIds: readonly number[], options?: RequestOptions): Promise<void> {
    await this.#manageMany(instanceIds, 'stopped', options)
  }

  /** Replaces the label. A label that carried an idempotency key no longer protects against renting again with that key. */
  async label(instanceId: number, label: string, options?: RequestOptions): Promise<void> {
    if (label.length > 1024) throw invalidInput(`expected a label of at most 1024 characters, were ${label.length}`)
    await this.#manage(instanceId, { label }, options)
  }

  /** Restarts the container without giving up the GPUs. */
  async reboot(instanceId: number, options?: RequestOptions): Promise<void> {
    const ids = [checkId(instanceId, 'instanceId')]
    await this.#transport.call(endpoints.rebootInstance, ack, { ids }, options)
  }

  /** Destroys the container and makes it anew from its image, on the same machine. */
  async recycle(instanceId: number, options?: RequestOptions): Promise<void> {
    const ids = [checkId(instanceId, 'instanceId')]
    await this.#transport.call(endpoints.recycleInstance, ack, { ids }, options)
  }

  /** Changes the bid of an interruptible instance: USD per hour for the whole instance; `null`: a bid that wins now. */
  async changeBid(instanceId: number, bidPerHour: number | null, options?: RequestOptions): Promise<void> {
    if (bidPerHour !== null && !(bidPerHour >= 0.001 && bidPerHour <= 32))
      throw invalidInput(`expected bidPerHour from 0.001 to 32 USD, was ${String(bidPerHour)}`)
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], body: { client_id: 'me', price: bidPerHour } }
    await this.#transport.call(bidPerHour === null ? endpoints.winBid : endpoints.changeBid, ack, outgoing, options)
  }

  /** Pays `amount` USD in advance for a discount. Never repeated after a lost answer: ask {@link balance} then. */
  async prepay(instanceId: number, amount: number, options?: RequestOptions): Promise<Prepayment> {
    if (!(amount > 0 && amount <= 1_000_000)) throw invalidInput(`expected amount above 0 USD, was ${String(amount)}`)
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], body: { amount } }
    return this.#transport.call(endpoints.prepayInstance, prepaymentSchema, outgoing, options)
  }

  /** What is held back or prepaid for an instance, as Vast.ai says it. */
  async balance(instanceId: number, options?: RequestOptions): Promise<Readonly<Record<string, unknown>>> {
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], query: { owner: 'me' } }
    return this.#transport.call(endpoints.instanceBalance, instanceBalanceSchema, outgoing, options)
  }

  /** Changes template, image or options; they hold from the next recycle on. */
  async updateTemplate(instanceId: number, update: InstanceUpdate, options?: RequestOptions): Promise<void> {
    const body = updateBody(checkId(instanceId, 'instanceId'), checkInput(instanceUpdateSchema, update, 'the update'))
    await this.#transport.call(endpoints.updateInstanceTemplate, ack, { ids: [instanceId], body }, options)
  }

  /** Ends the rental and deletes its data. */
  async destroy(instanceId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], removes: true }
    await this.#transport.call(endpoints.destroyInstance, ack, outgoing, options)
  }

  async destroyMany(instanceIds: readonly number[], options?: RequestOptions): Promise<void> {
    const body = { instance_ids: checkIds(instanceIds, 'instanceIds', bulkMax) }
    await this.#transport.call(endpoints.destroyInstances, ack, { body, removes: true }, options)
  }

  /** Runs a command (`ls`, `rm`, `du` and the like) inside and returns what it printed. */
  async execute(instanceId: number, command: string, options?: RequestOptions): Promise<string> {
    checkId(instanceId, 'instanceId')
    return readOutput(this.#transport, endpoints.execute, instanceId, { command }, options)
  }

  /** What the container, or the host's daemon for it, has printed. */
  async logs(
    instanceId: number,
    wanted: { readonly tailLines?: number; readonly filter?: string; readonly daemon?: boolean } = {},
    options?: RequestOptions,
  ): Promise<string> {
    checkId(instanceId, 'instanceId')
    const body = {
      ...(wanted.filter === undefined ? {} : { filter: wanted.filter }),
      ...(wanted.tailLines === undefined ? {} : { tail: String(checkId(wanted.tailLines, 'tailLines')) }),
      ...(wanted.daemon === true ? { daemon_logs: 'true' } : {}),
    }
    return readOutput(this.#transport, endpoints.requestLogs, instanceId, body, options)
  }

  /** Lets the holder of a key log in. @param publicKey The text of a `.pub` file. */
  async attachSshKey(instanceId: number, publicKey: string, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(instanceId, 'instanceId')], body: { ssh_key: checkPublicKey(publicKey) } }
    await this.#transport.call(endpoints.attachSshKey, ack, outgoing, options)
  }

  async detachSshKey(instanceId: number, sshKeyId: number, options?: RequestOptions): Promise<void> {
    const outgoing = { ids: [checkId(instanceId, 'instanceId'), checkId(sshKeyId, 'sshKeyId')], removes: true }
    await this.#transport.call(endpoints.detachSshKey, ack, outgoing, options)
  }

  async #manage(instanceId: number, body: Record<string, string>, options: RequestOptions | undefined): Promise<void> {
    const ids = [checkId(instanceId, 'instanceId')]
    await this.#transport.call(endpoints.manageInstance, ack, { ids, body }, options)
  }

  async #manageMany(instanceIds: readonly number[], state: string, options: RequestOptions | undefined): Promise<void> {
    const body = { state, ids: checkIds(instanceIds, 'instanceIds', bulkMax) }
    await this.#transport.call(endpoints.manageInstances, ack, { body }, options)
  }

  async #findByLabel(label: string, options: RequestOptions | undefined): Promise<readonly number[]> {
    return (await this.#labelled(label, options)).map(({ id }) => id)
  }

  /** Oldest first. Of what carries a label twice all but one are destroyed: that they do carry it is not left to the server's filter. */
  async #labelled(label: string, options: RequestOptions | undefined): Promise<readonly Instance[]> {
    const found = await this.list({ filter: { label: [label] } }, options)
    return found.filter(instance => isAlive(instance) && instance.label === label).sort((a, b) => a.id - b.id)
  }
}

function cutShort(seen: number, { instances_found: found }: InstancePageAnswer): VastAiMalformedResponseError {
  const { name } = endpoints.listInstances
  return new VastAiMalformedResponseError({
    endpoint: name,
    message: `${name}: the list was cut short, ${seen} of ${found} instances came; ask again`,
    retryable: true,
  })
}

function isAlive(instance: Instance): boolean {
  return instance.cur_state !== 'unloaded'
}
