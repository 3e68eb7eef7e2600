import { createdManySchema, createdSchema } from '../wire/instance.ts'
import { checkId, checkIds, checkInput, invalidInput } from './check-input.ts'
import { createBody, type InstanceSpec, instanceSpecSchema } from './create-input.ts'
import { type CreatedInstance, createOnce } from './create-once.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { composeInstanceLabel, newIdempotencyKey } from './instance-label.ts'
import { type OfferSearch, searchBody } from './offers.ts'
import type { Outgoing, RequestOptions, Transport } from './transport.ts'

/** Guards a create against renting twice. */
export interface IdempotentOptions {
  /**
   * The same key never rents twice, also after a crash: it becomes part of the label. Absent: one is made up. `null`: the label stays as
   * it is, and a lost answer is not followed up.
   */
  readonly idempotencyKey?: string | null | undefined
}

/** Rents one offer. */
export interface CreateInstance extends InstanceSpec, IdempotentOptions {
  /** `id` of an offer. */
  readonly offerId: number
}

/** What a launch cannot say; sent without it, a bid would become a rental at the full price. */
const notInLaunch = ['bidPerHour', 'user', 'force'] as const

/** Lets Vast.ai pick the first offer that a search finds. It rents on demand; to bid, search and create. */
export interface LaunchInstance extends Omit<InstanceSpec, (typeof notInLaunch)[number]>, IdempotentOptions {
  readonly search: Omit<OfferSearch, 'anyGpuName' | 'via'>
}

/** Rents several offers in one request. */
export interface CreateInstances extends InstanceSpec {
  readonly offerIds: readonly number[]
}

/** Instances of one bulk request at most. */
export const bulkMax = 64

interface Lookup {
  findByLabel(label: string, options: RequestOptions | undefined): Promise<readonly number[]>
  destroy(instanceId: number, options: RequestOptions | undefined): Promise<void>
}

/** One request per offer or search, looked after until it is known what became of it. */
export class InstanceCreation {
  readonly #transport: Transport
  readonly #lookup: Lookup
  /** Creates under way by label: a second one with the same key waits, then finds what the first made. */
  readonly #underWay = new Map<string, Promise<unknown>>()

  constructor(transport: Transport, lookup: Lookup) {
    this.#transport = transport
    this.#lookup = lookup
  }

  create(input: CreateInstance, options: RequestOptions | undefined): Promise<CreatedInstance> {
    const { offerId, idempotencyKey, ...rest } = input
    const spec = readSpec(rest)
    const ids = [checkId(offerId, 'offerId')]
    return this.#createOnce(endpoints.createInstance, offerId, idempotencyKey, spec.label, options, label => ({
      ids,
      body: createBody(spec, label),
    }))
  }

  launch(input: LaunchInstance, options: RequestOptions | undefined): Promise<CreatedInstance> {
    const { search, idempotencyKey, ...rest } = input
    const spec = readSpec(rest)
    const unsaid = notInLaunch.filter(name => spec[name] !== undefined && spec[name] !== false)
    if (unsaid.length > 0)
      throw invalidInput(
        `a launch cannot say ${unsaid.join(', ')}: search for an offer and create the instance from it`,
      )
    const q = searchBody(search)
    return this.#createOnce(endpoints.launchInstance, 0, idempotencyKey, spec.label, options, label => {
      const { client_id: _client, price: _price, force: _force, user: _user, ...body } = createBody(spec, label)
      return { body: { ...body, q } }
    })
  }

  async createMany(input: CreateInstances, options: RequestOptions | undefined): Promise<readonly number[]> {
    const { offerIds, ...rest } = input
    const spec = readSpec(rest)
    const body = { ...createBody(spec, spec.label), ids: checkIds(offerIds, 'offerIds', bulkMax) }
    const answer = await this.#transport.call(endpoints.createInstances, createdManySchema, { body }, options)
    return answer.new_contracts ?? []
  }

  async #createOnce(
    target: Endpoint,
    offerId: number,
    idempotencyKey: string | null | undefined,
    label: string | undefined,
    options: RequestOptions | undefined,
    outgoing: (label: string | undefined) => Outgoing,
  ): Promise<CreatedInstance> {
    const transport = this.#transport
    const send = async (text: string | undefined) =>
      (await transport.call(target, createdSchema, outgoing(text), options)).new_contract
    if (idempotencyKey === null) return { instanceId: await send(label), idempotencyKey: undefined, wasFound: false }
    const key = idempotencyKey ?? newIdempotencyKey(offerId, transport.clock, transport.random)
    const text = composeInstanceLabel(label, key)
    const created = await this.#inTurn(text, () =>
      createOnce(
        {
          label: text,
          looksFirst: idempotencyKey !== undefined,
          send: () => send(text),
          find: () => this.#lookup.findByLabel(text, options),
          destroy: id => this.#lookup.destroy(id, options),
          clock: transport.clock,
          logger: transport.logger,
        },
        options,
      ),
    )
    return { ...created, idempotencyKey: key }
  }

  async #inTurn<T>(label: string, work: () => Promise<T>): Promise<T> {
    const before = this.#underWay.get(label) ?? Promise.resolve()
    const mine = before.then(work, work)
    this.#underWay.set(label, mine)
    try {
      return await mine
    } finally {
      if (this.#underWay.get(label) === mine) this.#underWay.delete(label)
    }
  }
}

function readSpec(input: InstanceSpec) {
  const spec = checkInput(instanceSpecSchema, input, 'the instance')
  if (spec.image === undefined && spec.templateHashId === undefined)
    throw invalidInput('expected an image such as pytorch/pytorch:latest or a templateHashId, were neither')
  return spec
}
