import type { AnyVenue, VirtualClock } from '@org/core'
import { startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { type StandIn, type VenueConformanceOptions, type VenueEnvironment, venueConformance } from '@org/testkit'
import { VastAiVenue } from '../src/index.ts'
import { terms } from './market-world.ts'

interface Market extends StandIn {
  readonly simulator: VastAiSimulator
  /** Own, not listed. */
  readonly machineId: number
  /** Of another host: one GPU of it, nobody else wants it at its price. */
  readonly offerId: number
  /** What was rented for an example. */
  instanceId: number
}

const model = 'B200'
const day = 20_604
const listedTerms = { gpuUsdPerHour: 0.3, minBidUsdPerGpuHour: 0.1, endMs: Date.UTC(2026, 8, 1) }

/** A host with two machines, a renter with credit, and a machine of somebody else. */
async function startMarket({ clock }: { readonly clock: VirtualClock }): Promise<Market> {
  const simulator = await startVastAiSimulator({
    clock,
    seed: 7,
    models: [model],
    machines: [
      { model, gpuCount: 1, failuresPer30Days: 0 },
      { model, gpuCount: 4, failuresPer30Days: 0 },
    ],
  })
  const { world, hostId, renterId } = simulator
  world.addBalance(renterId, 1_000_000)
  const owner = world.addAccount({ kind: 'host', name: 'another host' })
  const machine = world.addMachine({ hostId: owner.id, model, gpuCount: 8, failuresPer30Days: 0 })
  world.list(machine.id, { gpuUsdPerHour: 90, minChunk: 1 })
  return {
    simulator,
    url: simulator.url,
    close: () => simulator.close(),
    machineId: world.machines({ hostId }).find(({ gpuCount }) => gpuCount === 1)?.id ?? 0,
    offerId: world.offers({}).find(({ machineId, gpuCount }) => machineId === machine.id && gpuCount === 1)?.id ?? 0,
    instanceId: 0,
  }
}

function rent(market: Market, bid: { readonly bidUsdPerHour?: number } = {}): number {
  const { simulator, offerId } = market
  const { id } = simulator.world.rent({ accountId: simulator.renterId, offerId, diskGb: 10, ...bid })
  market.instanceId = id
  return id
}

const listing = ({ simulator, machineId }: Market) => simulator.world.machine(machineId).listing

function venueWith(apiKey: string, { market: _market, ...environment }: VenueEnvironment<Market>): AnyVenue {
  // Its HTTP client counts time-outs in whole seconds: one attempt shows as much as four.
  const attempts = environment.timeoutMs < 1000 ? { attemptsMax: 1 } : {}
  return new VastAiVenue({ apiKey, ...environment, ...attempts })
}

const real = () => new VastAiVenue({ apiKey: 'never-used-1' })

const marketRate: VenueConformanceOptions<Market>['queries'] = {
  'market-rate': {
    query: () => ({ model }),
    wrong: [{}, { model: '' }, { model, like: { machineId: 'one' } }, { model, since: 'ever' }],
    matters: ['offers', 'offers.gpu_name', 'offers.num_gpus', 'offers.dph_base'],
  },
}

const hostActions: VenueConformanceOptions<Market>['actions'] = {
  'write-listing': {
    prepare: ({ machineId }) => ({ params: { machineId, terms: terms(), expected: null } }),
    effectCount: market => (listing(market)?.gpuUsdPerHour === 0.3 ? 1 : 0),
    wrong: [{}, { machineId: 1, terms: terms() }, { machineId: 1, terms: {}, expected: null }],
  },
  unlist: {
    prepare(market) {
      market.simulator.world.list(market.machineId, listedTerms)
      return { params: { machineId: market.machineId } }
    },
    effectCount: market => (listing(market) === undefined ? 1 : 0),
    wrong: [{}, { machineId: 0 }],
  },
  'set-min-bid': {
    prepare(market) {
      market.simulator.world.list(market.machineId, listedTerms)
      return { params: { machineId: market.machineId, minBidPerGpuHour: 0.12 } }
    },
    effectCount: market => (listing(market)?.minBidUsdPerGpuHour === 0.12 ? 1 : 0),
    wrong: [{}, { machineId: 1, minBidPerGpuHour: -1 }],
  },
}

const renterActions: VenueConformanceOptions<Market>['actions'] = {
  'create-instance': {
    prepare: ({ offerId }) => ({
      asset: 'training',
      params: { offerId, image: 'ubuntu' },
      effects: [
        { measure: 'count', amount: 1 },
        { measure: 'exposure', amount: 100 },
      ],
    }),
    effectCount: ({ simulator }) => simulator.world.contracts({ accountId: simulator.renterId }).length,
    wrong: [{}, { offerId: 1, image: '' }, { offerId: 1, image: 'ubuntu', diskGb: 1 }],
  },
  'destroy-instance': {
    prepare: market => ({ asset: 'training', params: { instanceId: rent(market) }, reduction: 100 }),
    effectCount: ({ simulator, instanceId }) => (simulator.world.contract(instanceId).status === 'ended' ? 1 : 0),
    wrong: [{}, { instanceId: -1 }],
  },
  'change-bid': {
    prepare: market => ({ params: { instanceId: rent(market, { bidUsdPerHour: 121 }), bidPerHour: 31 } }),
    effectCount: ({ simulator, instanceId }) =>
      simulator.world.contract(instanceId).renterUsdPerGpuHour === 31 ? 1 : 0,
    wrong: [{}, { instanceId: 1, bidPerHour: 0 }],
  },
}

venueConformance({
  name: 'Vast.ai, with the key of a host',
  market: startMarket,
  create: environment => venueWith(environment.market.simulator.hostKey, environment),
  real,
  secrets: ({ simulator }) => [simulator.hostKey],
  queries: {
    ...marketRate,
    machines: {
      query: () => ({}),
      wrong: [undefined, { machineId: 1 }],
      matters: ['machines', 'machines.id', 'machines.gpu_name', 'machines.num_gpus', 'machines.listed'],
    },
    machine: {
      query: ({ machineId }) => ({ machineId }),
      wrong: [{}, { machineId: -1 }, { machineId: 'one' }],
      matters: ['machines.gpu_name', 'machines.num_gpus', 'machines.listed'],
    },
    earnings: {
      query: () => ({ fromDay: day - 7, toDay: day }),
      wrong: [{}, { fromDay: -1, toDay: day }, { fromDay: 0.5, toDay: day }],
      matters: ['per_machine', 'per_day'],
    },
    'listing-impact': {
      query: ({ machineId }) => ({ machineId, terms: terms() }),
      wrong: [{}, { machineId: 1, terms: { pricePerGpuHour: 1 } }],
      matters: ['machines.num_gpus', 'machines.listed'],
    },
  },
  holdingsMatter: ['machines', 'machines.num_gpus', 'instances'],
  actions: hostActions,
  actionsShownElsewhere: Object.keys(renterActions),
})

venueConformance({
  name: 'Vast.ai, with the key of a renter',
  market: startMarket,
  create: environment => venueWith(environment.market.simulator.renterKey, environment),
  real,
  secrets: ({ simulator }) => [simulator.renterKey],
  queries: marketRate,
  holdingsMatter: ['instances', 'instances.id'],
  actions: renterActions,
  actionsShownElsewhere: Object.keys(hostActions),
})
