import { scheduleDue, seat } from './booking.ts'
import { type Choice, chooseMachine } from './choose-machine.ts'
import type { ContractKind } from './contract.ts'
import { ContractState } from './contract-state.ts'
import { drawCompetitors } from './draw-competitors.ts'
import type { GpuModel } from './gpu-model.ts'
import { IdleIndex } from './idle-index.ts'
import type { Kernel } from './kernel.ts'
import { HOST_SHARE, listingEndMs } from './listing.ts'
import type { MachineState } from './machine-state.ts'
import type { MetricsSample } from './metrics.ts'
import { type ModelParameters, NEEDS } from './model-parameters.ts'
import { sampleMetrics } from './sample-metrics.ts'
import { countBits } from './split-tree.ts'
import { Stream } from './stream.ts'
import { HISTORY_SAMPLES_MAX, HISTORY_STEP_MS } from './world.ts'

const HOUR_MS = 3_600_000
/** A renter who likes a machine very much still does not follow every price. */
const PURSE_OVER_PAID_MAX = 1.5

/** Everything that one model's market counts, since the world began. */
export interface MarketCounters {
  arrivals: number
  rented: number
  leftForPrice: number
  leftForRoom: number
  bidArrivals: number
  bidRented: number
  reprices: number
  failures: number
  rentedGpuHours: number
  listedGpuHours: number
}

/** The market of one model: its competitors, its renters, its price level and its demand. */
export class ModelMarket {
  readonly gpu: GpuModel
  readonly parameters: ModelParameters
  readonly machines: MachineState[]
  readonly idle = new IdleIndex()
  readonly history: MetricsSample[] = []
  counters: MarketCounters = freshCounters()
  /** log of the price level that hosts aim at, RENTER USD per GPU-hour. Asks follow it as they are repriced. */
  hostLevelLog: number
  demandLog: number
  rentedGpus = 0
  listedGpus = 0

  readonly #kernel: Kernel
  readonly #arrivals: Stream
  readonly #drift: Stream
  readonly #demand: Stream
  readonly #startLevelLog: number
  readonly #needWeights: readonly { readonly slot: number; readonly weight: number }[]
  readonly #competitors: number
  /** Sum over competitors of log ask less quality. */
  #levelSum: number
  #arrivalsPerHour = 0
  #stepEndMs = 0
  #countedMs: number

  constructor(kernel: Kernel, gpu: GpuModel, parameters: ModelParameters) {
    this.#kernel = kernel
    this.gpu = gpu
    this.parameters = parameters
    this.#arrivals = new Stream(kernel.seed, `arrivals ${gpu.model}`)
    this.#drift = new Stream(kernel.seed, `drift ${gpu.model}`)
    this.#demand = new Stream(kernel.seed, `demand ${gpu.model}`)
    this.#startLevelLog = Math.log(parameters.medianUsdPerGpuHour)
    this.hostLevelLog = this.#startLevelLog
    this.demandLog = parameters.demandSd * this.#demand.normal()
    this.#needWeights = parameters.arrivalsPerMachine.map((weight, slot) => ({ slot, weight }))
    this.#countedMs = kernel.nowMs
    const { constants } = kernel.parameters
    this.machines = drawCompetitors({
      seed: kernel.seed,
      gpu,
      parameters,
      constants,
      nowMs: kernel.nowMs,
      levelLog: this.hostLevelLog,
      keptIds: kernel.keptIds,
    })
    this.#competitors = this.machines.length
    this.#levelSum = this.machines.reduce(
      (sum, machine) => sum + Math.log(machine.renterUsdPerGpuHour) - machine.aim,
      0,
    )
  }

  /** Books the first events. Separate from the constructor because appointments need the market to be known. */
  open(): void {
    const { nowMs, events } = this.#kernel
    for (const machine of this.machines) {
      this.scheduleReprice(machine)
      this.scheduleFailure(machine)
      this.refresh(machine)
    }
    events.push({ atMs: nowMs, kind: 'step', target: this, stamp: 0 })
  }

  /**
   * log of the level that renters' purses follow: what competitors really ask for a machine of median quality. Renters know the
   * market, so they follow its asks, and not what hosts will aim at once they look again.
   */
  get levelLog(): number {
    return this.#levelSum / this.#competitors
  }

  get demandFactor(): number {
    return Math.exp(this.demandLog - this.parameters.demandSd ** 2 / 2)
  }

  /** Every six hours: demand and level move on, a sample is kept. */
  step(): void {
    const { nowMs, events, parameters: all } = this.#kernel
    const { constants } = all
    const { demandSd, demandMemoryHours, driftWeeklySd } = this.parameters
    const hours = HISTORY_STEP_MS / HOUR_MS
    const keep = Math.exp(-hours / demandMemoryHours)
    this.demandLog = this.demandLog * keep + demandSd * Math.sqrt(1 - keep * keep) * this.#demand.normal()
    const back = Math.exp(-hours / (168 * constants.driftMemoryWeeks))
    this.hostLevelLog =
      this.#startLevelLog +
      (this.hostLevelLog - this.#startLevelLog) * back +
      driftWeeklySd * Math.sqrt(hours / 168) * this.#drift.normal()
    const weekday = (Math.floor(nowMs / (24 * HOUR_MS)) + 3) % 7
    const block = Math.floor((nowMs % (24 * HOUR_MS)) / HISTORY_STEP_MS)
    const season = Math.exp((constants.weekday[weekday] ?? 0) + (constants.dayBlock[block] ?? 0))
    const perMachine = this.parameters.arrivalsPerMachine.reduce((sum, rate) => sum + rate, 0)
    this.#arrivalsPerHour = perMachine * this.#competitors * this.demandFactor * season * (1 + constants.bidShare)
    this.#stepEndMs = nowMs + HISTORY_STEP_MS
    events.push({ atMs: this.#stepEndMs, kind: 'step', target: this, stamp: 0 })
    this.#scheduleArrival()
    this.count()
    this.history.push(sampleMetrics(this, nowMs))
    if (this.history.length > HISTORY_SAMPLES_MAX) this.history.shift()
  }

  /** Arrivals are memoryless, so the gap is redrawn at each step with the step's rate. */
  #scheduleArrival(): void {
    const { nowMs, events } = this.#kernel
    const atMs = Math.ceil(nowMs + (this.#arrivals.exponential() / this.#arrivalsPerHour) * HOUR_MS)
    if (atMs < this.#stepEndMs) events.push({ atMs, kind: 'arrival', target: this, stamp: 0 })
  }

  /** A renter comes, looks, and rents or leaves. Draws the same numbers whatever it finds. */
  arrive(): void {
    const kernel = this.#kernel
    const { constants } = kernel.parameters
    const stream = this.#arrivals
    const isBid = stream.next() < constants.bidShare / (1 + constants.bidShare)
    const { slot } = stream.pick(this.#needWeights)
    const chooser = {
      key: Math.floor(stream.next() * 4_294_967_296),
      isTolerant: stream.next() < this.parameters.tolerantShare,
      outsideTaste: stream.exponential(),
    }
    const isShort = stream.next() < constants.shortStayShare
    const stay = stream.exponential()
    const bidUsd = Math.exp(this.levelLog + Math.log(constants.bidMedian) + constants.bidSd * stream.normal())
    const answerMs = Math.ceil((4 + 44 * stream.next()) * HOUR_MS)
    const patienceMs = Math.ceil(8 * stream.exponential() * HOUR_MS)
    const diskGb = Math.round(10 + 50 * stream.exponential())
    this.#scheduleArrival()

    if (isBid) this.counters.bidArrivals++
    else this.counters.arrivals++
    const list = this.idle.lists[slot] as readonly MachineState[]
    const outside = this.outsideAppeal
    // A bidder has named its price: it leaves only when no machine takes the bid.
    const choice = isBid
      ? chooseMachine(list, slot, chooser, 0, machine => this.#takesBid(machine, slot, bidUsd))
      : chooseMachine(list, slot, chooser, outside)
    if (choice === undefined) {
      if (list.length === 0) this.counters.leftForRoom++
      else this.counters.leftForPrice++
      return
    }
    const isVerified = choice.machine.verification === 'verified'
    const longHours =
      (isBid ? constants.bidStayHours : this.parameters.stayHours) *
      (isVerified ? 1 : this.parameters.unverifiedStayFactor)
    const sizeFactor = (NEEDS[slot] as number) ** constants.stayNeedExponent
    const stayMs = Math.max(
      60_000,
      Math.ceil(stay * (isShort ? constants.shortStayHours : longHours * sizeFactor) * HOUR_MS),
    )
    const chunk = choice.machine.fits[slot]
    if (chunk === undefined) return
    const paidUsd = choice.machine.renterUsdPerGpuHour
    const contract = this.#contract(choice, slot, isBid ? 'interruptible' : 'on-demand', {
      hostUsd: isBid ? bidUsd * HOST_SHARE : (choice.machine.listing?.gpuUsdPerHour ?? 0),
      diskGb: Math.min(diskGb, 100),
      plan: {
        leaveMs: kernel.nowMs + stayMs,
        purseUsdPerGpuHour: this.#purse(choice, slot, chooser.outsideTaste / outside, paidUsd),
        answerMs,
        patienceMs,
      },
    })
    if (isBid) this.counters.bidRented++
    else this.counters.rented++
    kernel.contracts.set(contract.id, contract)
    this.admit(contract, chunk.mask)
  }

  /** Puts a new contract on its machine. */
  admit(contract: ContractState, mask: number): void {
    const { machine } = contract
    machine.contracts.push(contract)
    if (contract.kind === 'interruptible') machine.counters.interruptibleFills++
    else if (contract.kind !== 'own-use') machine.counters.fills++
    seat(this.#kernel, contract, mask)
    scheduleDue(this.#kernel, contract)
    this.refresh(machine)
  }

  #contract(
    choice: Choice,
    slot: number,
    kind: ContractKind,
    terms: { readonly hostUsd: number; readonly diskGb: number; readonly plan: NonNullable<ContractState['plan']> },
  ): ContractState {
    const { machine } = choice
    const listing = machine.listing
    const chunk = machine.fits[slot]
    if (listing === undefined || chunk === undefined)
      throw new RangeError(`expected machine ${machine.id} to have room`)
    const { nowMs } = this.#kernel
    return new ContractState({
      id: this.#kernel.newId(),
      machine,
      listing,
      kind,
      gpuCount: chunk.size,
      hostUsdPerGpuHour: terms.hostUsd,
      diskGb: terms.diskGb,
      startMs: nowMs,
      endMs: listingEndMs(listing, nowMs),
      plan: terms.plan,
    })
  }

  /** The price at which the renter would as soon have gone elsewhere. */
  #purse(choice: Choice, slot: number, outsideScore: number, paidUsd: number): number {
    const margin = (outsideScore * (choice.machine.appeal[slot] as number)) / choice.taste
    return paidUsd * Math.min(PURSE_OVER_PAID_MAX, margin ** (1 / this.#kernel.parameters.constants.priceResponse))
  }

  #takesBid(machine: MachineState, slot: number, bidUsd: number): boolean {
    const chunk = machine.fits[slot]
    return chunk !== undefined && bidUsd >= machine.renterMinBidUsdPerGpuHour && bidUsd > machine.highestBid(chunk.mask)
  }

  /** Worth of going elsewhere, in units of appeal: so many idle median machines at the market's level. */
  get outsideAppeal(): number {
    const { outsideStock, priceResponse } = this.#kernel.parameters.constants
    return outsideStock * this.#competitors * Math.exp(-priceResponse * this.levelLog)
  }

  /** Brings what the market knows of a machine up to date after its listing, rentals, or state changed. */
  refresh(machine: MachineState): void {
    this.count()
    const { constants } = this.#kernel.parameters
    const isOpen = machine.listing !== undefined && machine.isUp(this.#kernel.nowMs)
    this.rentedGpus += countBits(machine.firmMask | machine.bidMask) - machine.countedRentedGpus
    machine.countedRentedGpus = countBits(machine.firmMask | machine.bidMask)
    const listed = machine.listing === undefined ? 0 : machine.gpuCount
    this.listedGpus += listed - machine.countedListedGpus
    machine.countedListedGpus = listed
    machine.generation++
    const worth =
      constants.qualityWorth * machine.quality - constants.reliabilityWorth * Math.max(0, 0.98 - machine.reliability)
    const appeal = isOpen ? Math.exp(constants.priceResponse * (worth - Math.log(machine.renterUsdPerGpuHour))) : 0
    for (let slot = 0; slot < NEEDS.length; slot++) {
      const need = NEEDS[slot] as number
      const chunk = isOpen ? machine.findChunk(need) : undefined
      machine.fits[slot] = chunk
      // A chunk larger than the need costs more for the same work.
      machine.appeal[slot] =
        chunk === undefined || chunk.size === need ? appeal : appeal * (need / chunk.size) ** constants.priceResponse
      this.idle.set(machine, slot, chunk !== undefined)
    }
  }

  /** A competitor's host looks at its ask. Depends on nothing that own machines do. */
  reprice(machine: MachineState): void {
    const { listing, stream } = machine
    const { constants } = this.#kernel.parameters
    if (listing !== undefined) {
      const isWide = stream.next() < constants.repriceWideShare
      const error = this.parameters.repriceSd * (isWide ? this.parameters.repriceWideFactor : 1) * stream.normal()
      const askLog = Math.log(machine.renterUsdPerGpuHour)
      const aimLog = this.hostLevelLog + machine.aim + constants.repriceDemandPull * this.demandLog
      const step = constants.repricePull * (aimLog - askLog) + error
      const factor = Math.exp(step)
      this.#levelSum += step
      machine.listing = {
        ...listing,
        gpuUsdPerHour: listing.gpuUsdPerHour * factor,
        minBidUsdPerGpuHour: (listing.minBidUsdPerGpuHour ?? listing.gpuUsdPerHour) * factor,
        sinceMs: this.#kernel.nowMs,
      }
      this.counters.reprices++
      this.#kernel.record('reprice', machine.id, machine.listing.gpuUsdPerHour)
      this.refresh(machine)
    }
    this.scheduleReprice(machine)
  }

  scheduleReprice(machine: MachineState): void {
    if (machine.repricesPerHour <= 0) return
    const { nowMs, events } = this.#kernel
    const atMs = Math.ceil(nowMs + (machine.stream.exponential() / machine.repricesPerHour) * HOUR_MS)
    events.push({ atMs, kind: 'reprice', target: machine, stamp: 0 })
  }

  scheduleFailure(machine: MachineState): void {
    if (machine.failuresPerHour <= 0) return
    const { nowMs, events } = this.#kernel
    const atMs = Math.ceil(nowMs + (machine.failureStream.exponential() / machine.failuresPerHour) * HOUR_MS)
    events.push({ atMs, kind: 'fail', target: machine, stamp: machine.outageStamp })
  }

  /** Books GPU-hours up to now. */
  count(): void {
    const { nowMs } = this.#kernel
    const hours = (nowMs - this.#countedMs) / HOUR_MS
    if (hours <= 0) return
    this.#countedMs = nowMs
    this.counters.rentedGpuHours += this.rentedGpus * hours
    this.counters.listedGpuHours += this.listedGpus * hours
  }

  /** The warm-up is over: what happened in it is not counted. */
  beginCounting(): void {
    this.count()
    this.counters = freshCounters()
    this.history.splice(0, this.history.length - 1)
  }
}

function freshCounters(): MarketCounters {
  return {
    arrivals: 0,
    rented: 0,
    leftForPrice: 0,
    leftForRoom: 0,
    bidArrivals: 0,
    bidRented: 0,
    reprices: 0,
    failures: 0,
    rentedGpuHours: 0,
    listedGpuHours: 0,
  }
}
