import {
  BaseStrategy,
  type ExecutionResult,
  type IntentDraft,
  type Opportunity,
  parseConfig,
  type StrategyConfig,
  strategyConfigSchema,
} from '@org/core'
import { z } from 'zod'

const memorySchema = z.strictObject({ paid: z.array(z.number()) })

/** Buys a box when it is cheap, and sells the last one when it brings more than was paid for it. */
export class LemonBot extends BaseStrategy {
  /** What was paid for each box that is still there. */
  protected paid: number[] = []

  constructor(config: Partial<StrategyConfig>, id = 'lemon-bot') {
    super({ id, config: parseConfig(strategyConfigSchema, config, 'lemon bot config') })
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    const { value, asOf } = await this.context.venue('lemon-market').observe('price', {})
    return this.propose(value as number, asOf)
  }

  override async executeOpportunity(opportunity: Opportunity): Promise<ExecutionResult> {
    const result = await super.executeOpportunity(opportunity)
    if (!result.results.some(({ status }) => status === 'settled')) return result
    if (opportunity.kind === 'buy') this.paid.push(Number(opportunity.intents[0]?.effects[0]?.amount))
    else this.paid.pop()
    await this.remember()
    return result
  }

  protected propose(price: number, asOf: number): readonly Opportunity[] {
    const last = this.paid.at(-1)
    if (last !== undefined && price > last) return [this.opportunity('sell', price - last, price, asOf)]
    return price < 5 && this.paid.length < 3 ? [this.opportunity('buy', 5 - price, price, asOf)] : []
  }

  protected opportunity(kind: 'buy' | 'sell', profit: number, price: number, asOf: number): Opportunity {
    const rationale = {
      reason: kind === 'buy' ? 'cheap' : 'dearer-than-paid',
      summary: `a box costs ${price.toFixed(2)}: ${kind} one`,
      inputs: { pricePerBox: price },
    }
    const intent: IntentDraft = {
      venueId: 'lemon-market',
      asset: 'lemons',
      action: kind,
      params: { boxes: 1 },
      effects: kind === 'buy' ? [{ measure: 'loss', amount: price }] : [],
      reduces: kind === 'sell',
      rationale,
    }
    return {
      id: `${kind}-${this.context.clock.now()}`,
      strategyId: this.id,
      kind,
      asset: 'lemons',
      expectedProfitPerHour: profit,
      expectedRoi: profit / price,
      asOf,
      intents: [intent],
      rationale,
    }
  }

  protected async remember(): Promise<void> {
    await this.context.state.save({ paid: this.paid })
  }

  protected override async onInitialize(): Promise<void> {
    this.paid = [...((await this.context.state.load(memorySchema))?.paid ?? [])]
  }
}
