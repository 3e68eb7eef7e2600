import { type ExecutionResult, newIntentId, type Opportunity, type Strategy } from '@org/core'
import { MomentumStrategy } from '@org/strategy-momentum'
import { SpreadArbitrageStrategy } from '@org/strategy-spread-arbitrage'
import type { SimProcess } from '../process/sim-process.ts'
import { arbitraged, exchangeIds, symbols } from './prices.ts'

const shared = { minExpectedProfit: 0, minRoi: 0, enableAutoExecution: true, dryRunMode: false }

/** The strategies that trade on the two exchanges, all in one process: a paper account belongs to one. */
export function traders(process: SimProcess): readonly Strategy[] {
  return [new WatchedArbitrage(process), new WatchedMomentum(process)]
}

class WatchedArbitrage extends SpreadArbitrageStrategy {
  readonly #process: SimProcess

  constructor(process: SimProcess) {
    super({
      id: 'arbitrage',
      venues: exchangeIds,
      config: {
        ...shared,
        scanIntervalMs: 4_000,
        customParams: { symbol: arbitraged, notionalMax: 5, netBpsMin: 5, levels: 3 },
      },
    })
    this.#process = process
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const { clock, random } = this.context
    const intents = opportunity.intents.map(intent => ({
      ...intent,
      id: newIntentId(this.id, clock.now(), random),
    }))
    if (intents.length > 1) this.#process.world.judge.onGroup(intents.map(({ id }) => id))
    return watched(
      this.#process,
      { ...opportunity, intents },
      await super.executeOpportunity({ ...opportunity, intents }),
    )
  }
}

class WatchedMomentum extends MomentumStrategy {
  readonly #process: SimProcess

  constructor(process: SimProcess) {
    super({
      id: 'momentum',
      venue: exchangeIds[0],
      config: {
        ...shared,
        scanIntervalMs: 8_000,
        customParams: {
          symbols: [...symbols],
          timeframe: '1m',
          fastPeriod: 1,
          slowPeriod: 2,
          atrPeriod: 2,
          stopAtrs: 0.5,
          slippageMax: 0.005,
          riskPerTrade: 0.5,
          notionalMax: 10,
          allowShort: true,
        },
      },
    })
    this.#process = process
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    return watched(this.#process, opportunity, await super.executeOpportunity(opportunity))
  }
}

/** The judge hears what the strategy was told of what it proposed. */
function watched({ world }: SimProcess, { intents }: Opportunity, outcome: ExecutionResult): ExecutionResult {
  for (const [i, { reduces }] of intents.entries()) {
    const result = outcome.results[i]
    if (result !== undefined) world.judge.onResult(reduces === true, result)
  }
  return outcome
}
