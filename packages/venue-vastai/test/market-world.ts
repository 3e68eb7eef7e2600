import { type Intent, type IntentId, seededRandom, VirtualClock } from '@org/core'
import { type Fault, startVastAiSimulator, type VastAiSimulator } from '@org/sim-vastai'
import { hostPrice, type ListingTerms, VastAiClient, VastAiVenue } from '../src/index.ts'

/** A small market on virtual time, with the venues of a host (three machines) and of a renter. */
export interface MarketWorld {
  readonly clock: VirtualClock
  readonly simulator: VastAiSimulator
  readonly host: VastAiVenue
  readonly renter: VastAiVenue
  /** A machine with one GPU. */
  readonly machineId: number
  /** A machine with four GPUs. */
  readonly largeId: number
}

export async function inMarket<Result>(
  work: (world: MarketWorld) => Promise<Result>,
  // A small market by default: it begins 30 times as fast as that of RTX 4090s.
  { model = 'B200', faults = [] }: { readonly model?: string; readonly faults?: readonly Fault[] } = {},
): Promise<Result> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  await using simulator = await startVastAiSimulator({
    clock,
    seed: 7,
    models: [model],
    machines: [
      { model, gpuCount: 1, failuresPer30Days: 0 },
      { model, gpuCount: 1, failuresPer30Days: 0 },
      { model, gpuCount: 4, failuresPer30Days: 0 },
    ],
    faults,
  })
  const common = { baseUrl: simulator.url, clock, random: seededRandom(1) }
  await using hostClient = new VastAiClient({ ...common, apiKey: simulator.hostKey })
  await using renterClient = new VastAiClient({ ...common, apiKey: simulator.renterKey })
  const host = new VastAiVenue({ client: hostClient, clock })
  const renter = new VastAiVenue({ client: renterClient, clock })
  const own = simulator.world.machines({ hostId: simulator.hostId })
  const machineId = own.find(machine => machine.gpuCount === 1)?.id ?? 0
  const largeId = own.find(machine => machine.gpuCount === 4)?.id ?? 0
  return await clock.run(() => work({ clock, simulator, host, renter, machineId, largeId }))
}

/** A whole listing; every field set to something that is no default. */
export function terms(change: Partial<ListingTerms> = {}): ListingTerms {
  return {
    pricePerGpuHour: hostPrice(0.3),
    minBidPerGpuHour: hostPrice(0.1),
    minChunkGpus: 1,
    diskPerGbMonth: 0.15,
    uploadPerGb: 0.01,
    downloadPerGb: 0.02,
    discountMax: 0.2,
    endDateMs: Date.UTC(2026, 8, 1),
    durationMs: null,
    volumeGb: 20,
    volumePerGbMonth: 0.12,
    ...change,
  }
}

let intents = 0

export function intent(action: string, params: unknown, change: Partial<Intent> = {}): Intent {
  intents++
  return {
    id: `test-${intents}` as IntentId,
    strategyId: 'test',
    venueId: 'vastai',
    domain: 'gpu',
    action,
    params,
    effects: [{ measure: 'count', amount: 1 }],
    reduces: false,
    expiresAt: Date.UTC(2027, 0, 1),
    rationale: { reason: 'test', summary: 'a test', inputs: {} } as unknown as Intent['rationale'],
    ...change,
  }
}

/** Carries out an action as the gate does: the key is the intent's id. */
export function act(venue: VastAiVenue, action: string, params: unknown, signal?: AbortSignal) {
  const wanted = intent(action, params)
  return venue.execute(wanted, { idempotencyKey: wanted.id, signal })
}
