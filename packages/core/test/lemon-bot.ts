import { BaseStrategy, type Opportunity } from '../src/index.ts'

/** Buys a box when it costs less than it is worth. */
export class LemonBot extends BaseStrategy {
  fairPricePerBox = 5

  async findOpportunities(): Promise<readonly Opportunity[]> {
    const observed = await this.context.venue('lemon-market').observe('box-price', {})
    const pricePerBox = observed.value as number
    if (pricePerBox >= this.fairPricePerBox) return []
    const rationale = {
      reason: 'price-below-worth',
      summary: `a box costs ${pricePerBox.toFixed(2)} and is worth ${this.fairPricePerBox.toFixed(2)}`,
      inputs: { pricePerBox },
      thresholds: { fairPricePerBox: this.fairPricePerBox },
    }
    const buy = {
      venueId: 'lemon-market',
      asset: 'lemons',
      action: 'buy',
      params: { boxes: 1 },
      // The worst case: every lemon of the box is rotten.
      effects: [{ measure: 'loss', amount: pricePerBox }],
      rationale,
    }
    return [
      {
        id: 'lemons-now',
        strategyId: this.id,
        kind: 'buy',
        asset: 'lemons',
        expectedProfitPerHour: this.fairPricePerBox - pricePerBox,
        expectedRoi: this.fairPricePerBox / pricePerBox - 1,
        asOf: observed.asOf,
        intents: [buy],
        rationale,
      },
    ]
  }
}
