import { z } from 'zod'
import { type PricingPolicy, policyWithMemory } from '../pricing-policy.ts'
import {
  addDemandEvidence,
  type DemandBelief,
  demandBelief,
  demandEvidenceSchema,
  elasticities,
  noDemandEvidence,
} from './demand-response.ts'

const memorySchema = z.strictObject({
  evidence: demandEvidenceSchema,
  /** The peers' rented share, smoothed. */
  rentedShare: z.number().min(0).max(1),
  /** GPU-hours free to a price, and those of them used at a bid; what was seen long ago counts less. */
  bids: z.strictObject({ freeGpuHours: z.number().min(0), usedGpuHours: z.number().min(0) }),
})

/** What was seen this long ago counts half. */
const bidHalfLifeMs = 7 * 86_400_000
/** Until this many free GPU-hours were seen, bids count for little: nobody may come. */
const bidPriorGpuHours = 4
/**
 * How much more is asked while bids use all free GPUs than while they use none, as a part of the peers' median. Whoever pays the price ends
 * a bid: about four hours at two thirds of the median are lost, spread over a rental of about thirty.
 */
const bidRaise = 0.1

/** The rented share is smoothed over this long: of a dozen peers each rental moves it by a twelfth. */
const shareMemoryMs = 20 * 3_600_000
/** Share that the market is usually rented, and how many machines that belief weighs. */
const usualShare = 0.8
const usualShareMachines = 5

/**
 * How much more than the best price of a market that stands still. A machine that stays free may yet be taken at a better hour, while one
 * that is taken is bound for the whole rental. Chosen like the priors of the demand response, on the same markets.
 */
const waitingPremium = 1.08

// Relative prices that are tried, 1 % apart, and each raised to −elasticity once for all: reviews are many.
const stepsDown = 70
const stepsUp = 60
const relativePrices = Float64Array.from({ length: stepsDown + 1 + stepsUp }, (_, i) => 1.01 ** (i - stepsDown))
const responses = elasticities.map(elasticity => relativePrices.map(relative => relative ** -elasticity))

/** Peers' rented share is kept inside these, so that a market that is all taken or all free still gives finite odds. */
const rentedShareMin = 0.05
const rentedShareMax = 0.97

/**
 * The price at which the most is earned on average: maximises
 *
 *     income(p) = Σₖ wₖ · [occₖ(p) · (p − running cost) + (1 − occₖ(p)) · r]
 *     occₖ(p)   = oddsₖ(p) / (1 + oddsₖ(p)),   oddsₖ(p) = pullₖ · (s / (1 − s)) · (p / m)^−εₖ
 *
 * over prices 1 % apart between 0.8 × the tenth and 1.25 × the ninetieth percentile of the peers' asks, not below the floor. `s` is the
 * peers' rented share, `m` their median ask, and `r` what an hour is worth in which nobody pays the price: bids at the floor for the part
 * of such hours that interruptible rentals were seen to use, the idle cost for the rest. At the median price and with a pull of 1 one is
 * rented as much as they are. The pull of one's own machine and the weights wₖ of the elasticities εₖ are learned from one's own fills and
 * idle hours, starting from a prior ({@link demandBelief}). Idle hours lower the pull and so the price; a fuller market raises it. Asked is
 * 8 % more than that price: the formula is of a market that stands still, and in one that moves it is worth something to be free at a better
 * hour. Whoever pays the price ends the bid that uses the GPU: while one does, up to 10 % of `m` more is asked, and less while none does, so
 * that it comes to nothing on average.
 *
 * @returns The default policy. Its memory is a dozen numbers per machine.
 *
 * Source: the objective is the official hosting guide's "occupancy × (price − running cost)"; occupancy is that of an on-off renewal
 * process with fill rate λ and release rate μ, λ / (λ + μ), for which price enters through λ alone.
 */
export function expectedIncome(): PricingPolicy {
  return policyWithMemory({
    name: 'expected-income',
    memorySchema,
    aim(input, memory) {
      const { market, nowMs, gpus } = input
      const reference = market.ask.median
      const seen =
        (market.rentedShare * market.machines + usualShare * usualShareMachines) /
        (market.machines + usualShareMachines)
      const weight = memory === undefined ? 1 : 1 - Math.exp(-Math.max(0, nowMs - memory.evidence.atMs) / shareMemoryMs)
      const rentedShare = (memory?.rentedShare ?? seen) * (1 - weight) + seen * weight
      const share = Math.min(rentedShareMax, Math.max(rentedShareMin, rentedShare))
      const marketOdds = share / (1 - share)
      const evidence = addDemandEvidence(memory?.evidence ?? noDemandEvidence(nowMs), input.evidence, {
        nowMs,
        gpus,
        relativePrice: input.price === undefined ? undefined : input.price / reference,
        marketOdds,
      })
      const belief = demandBelief(evidence)
      const faded = memory === undefined ? 0 : 0.5 ** (Math.max(0, nowMs - memory.evidence.atMs) / bidHalfLifeMs)
      const bids = {
        freeGpuHours: (memory?.bids.freeGpuHours ?? 0) * faded + input.evidence.idleGpuHours,
        usedGpuHours: (memory?.bids.usedGpuHours ?? 0) * faded + input.evidence.bidGpuHours,
      }
      const bidShare = bids.usedGpuHours / (bids.freeGpuHours + bidPriorGpuHours)
      const restIncome =
        bidShare * (input.floorPerGpuHour - input.runningCostPerGpuHour) - (1 - bidShare) * input.idleCostPerGpuHour
      const best = bestRelativePrice(belief, marketOdds, {
        lowest: (0.8 * market.ask.p10) / reference,
        highest: (1.25 * market.ask.p90) / reference,
        floor: input.floorPerGpuHour / reference,
        runningCost: input.runningCostPerGpuHour / reference,
        restIncome: restIncome / reference,
      })
      const { idleGpuHours, bidGpuHours } = input.evidence
      // While all is rented the price waits for a GPU to become free: nothing is known of bids then.
      const bidsNow = idleGpuHours > 0 ? bidGpuHours / idleGpuHours : bidShare
      const average = best.relativePrice * reference
      const asked = average + bidRaise * (bidsNow - bidShare) * reference
      // An average below the floor is left to the profit test: nobody asks as much as the floor.
      const isAtFloor = best.isFloor || (average >= input.floorPerGpuHour && asked <= input.floorPerGpuHour)
      return {
        targetPrice: isAtFloor ? input.floorPerGpuHour : asked,
        reason: isAtFloor ? 'income-best-at-floor' : 'income-best',
        inputs: {
          marketMedianPerGpuHour: reference,
          marketRentedShare: market.rentedShare,
          pull: belief.meanPull,
          elasticity: belief.meanElasticity,
          waitingPremium,
          bidShareOfFreeHours: bidShare,
          bidShareNow: bidsNow,
          expectedOccupancy: best.occupancy,
          expectedIncomePerGpuHour: best.income * reference,
        },
        memory: { evidence, rentedShare, bids },
      }
    },
  })
}

interface Bounds {
  readonly lowest: number
  readonly highest: number
  readonly floor: number
  readonly runningCost: number
  /** Income of an hour in which nobody pays the price. */
  readonly restIncome: number
}

/**
 * What is asked, the premium included, and what is expected of it. All figures relative to the peers' median. A floor above everything
 * peers ask is left to decide-price, which unlists.
 */
function bestRelativePrice(belief: DemandBelief, marketOdds: number, bounds: Bounds) {
  const { highest, runningCost, restIncome } = bounds
  // So that the floor is the lowest price asked, not the lowest price that the premium is put on.
  const floor = bounds.floor / waitingPremium
  const lowest = floor <= highest ? Math.max(bounds.lowest, floor) : bounds.lowest
  const odds = belief.pulls.map(pull => pull * marketOdds)

  const expectAt = (relativePrice: number, response: (index: number) => number) => {
    let occupancy = 0
    for (let index = 0; index < odds.length; index++) {
      const own = (odds[index] ?? 0) * response(index)
      occupancy += (belief.weights[index] ?? 0) * (own / (1 + own))
    }
    const income = occupancy * (relativePrice - runningCost) + (1 - occupancy) * restIncome
    return { relativePrice, occupancy, income }
  }

  // The lower bound lies between two steps; trying it makes sure that a narrow band is not empty.
  let best = expectAt(lowest, index => lowest ** -(elasticities[index] ?? 0))
  relativePrices.forEach((relativePrice, step) => {
    if (relativePrice <= lowest || relativePrice > highest) return
    const candidate = expectAt(relativePrice, index => responses[index]?.[step] ?? 0)
    if (candidate.income > best.income) best = candidate
  })
  const asked = best.relativePrice * waitingPremium
  return { ...expectAt(asked, index => asked ** -(elasticities[index] ?? 0)), isFloor: best.relativePrice === floor }
}
