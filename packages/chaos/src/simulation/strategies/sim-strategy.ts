import { BaseStrategy, type IntentDraft, type Opportunity } from '@org/core'
import { z } from 'zod'
import type { SimProcess } from '../process/sim-process.ts'

/** What a strategy of these worlds trades in. */
export interface Trade {
  readonly venueId: string
  readonly adds: string
  readonly reduces: string
  readonly assets: readonly string[]
  readonly lossShare: number
  readonly costShare: number
}

export const spotTrade: Trade = {
  venueId: 'bourse',
  adds: 'open',
  reduces: 'close',
  assets: ['gold', 'tin'],
  lossShare: 0.1,
  costShare: 0,
}

export const gpuTrade: Trade = {
  venueId: 'farm',
  adds: 'list',
  reduces: 'unlist',
  assets: ['m1', 'm2', 'm3'],
  lossShare: 0.1,
  costShare: 0.1,
}

/** How long an intent may wait before it is sent. */
const lifetimeMs = 40_000

/** Adds risk or takes it back at random, remembers how often it has scanned, and books what accrues without an intent. */
export class SimStrategy extends BaseStrategy {
  readonly #trade: Trade
  readonly #process: SimProcess
  #scans = 0

  constructor(id: string, trade: Trade, process: SimProcess) {
    super({
      id,
      config: {
        scanIntervalMs: 12_000,
        minExpectedProfit: 0,
        minRoi: 0,
        enableAutoExecution: true,
        dryRunMode: false,
      },
    })
    this.#trade = trade
    this.#process = process
  }

  protected override async onInitialize(): Promise<void> {
    this.#scans = (await this.context.state.load(z.number())) ?? 0
    this.#process.world.judge.onLoaded(this.id, this.#scans)
  }

  async findOpportunities(): Promise<readonly Opportunity[]> {
    const { context } = this
    const { venueId, assets } = this.#trade
    this.#scans++
    if (this.#scans % 8 === 0) {
      const scans = this.#scans
      await context.state.save(scans)
      this.#process.world.judge.onSaved(this.id, scans)
      const amount = Math.round(200 * context.random.next() - 120) / 100
      await context.record({ venueId, postings: [{ measure: 'loss', amount }], note: amount < 0 ? 'rent' : 'power' })
      const change = Math.round(200 * context.random.next() - 100) / 100
      await context.record({
        venueId,
        asset: assets[0] ?? '',
        postings: [{ measure: 'unrealised-loss', amount: change }],
        note: 'mark',
      })
    }
    const asset = assets[Math.floor(context.random.next() * assets.length)] as string
    const { value, asOf } = await context.venue(venueId).observe('stake', asset)
    const stake = Number(value)
    const drafts =
      context.random.next() < (stake > 0 ? 0.5 : 0.95) ? [this.#adding(asset)] : [this.#reducing(asset, stake)]
    if (context.random.next() < 0.2) drafts.push(this.#adding(asset))
    return drafts.map((draft, i) => ({
      id: `${this.id}-${this.#scans}-${i}`,
      strategyId: this.id,
      kind: draft.action,
      asset,
      expectedProfitPerHour: 1,
      expectedRoi: 1,
      asOf,
      intents: [draft],
      rationale: draft.rationale,
    }))
  }

  override async executeOpportunity(opportunity: Opportunity) {
    const outcome = await super.executeOpportunity(opportunity)
    const nowMs = this.context.clock.now()
    for (const [i, result] of outcome.results.entries()) {
      const { reduces = false, expiresAt = 0 } = opportunity.intents[i] ?? {}
      this.#process.world.judge.onResult(reduces && nowMs < expiresAt, result)
    }
    return outcome
  }

  #adding(asset: string): IntentDraft {
    const { venueId, adds, lossShare, costShare } = this.#trade
    const size = 1 + Math.floor(this.context.random.next() ** 2 * 60)
    const loss = Math.ceil(100 * size * lossShare) / 100
    const cost = Math.ceil(100 * size * costShare) / 100
    return {
      venueId,
      asset,
      action: adds,
      params: { size },
      effects: [
        { measure: 'loss', amount: loss },
        { measure: 'exposure', amount: size },
        ...(cost > 0 ? [{ measure: 'operating-cost', amount: cost }] : []),
      ],
      expiresAt: this.context.clock.now() + lifetimeMs,
      rationale: { reason: 'chance', summary: `${adds} ${size} of ${asset}` },
    }
  }

  #reducing(asset: string, stake: number): IntentDraft {
    const { venueId, reduces } = this.#trade
    const size = Math.max(1, Math.ceil(stake * this.context.random.next()))
    return {
      venueId,
      asset,
      action: reduces,
      params: { size },
      effects: [],
      reduces: true,
      ...(stake > 0 && size <= stake ? { reduction: size } : {}),
      expiresAt: this.context.clock.now() + lifetimeMs,
      rationale: { reason: 'chance', summary: `${reduces} ${size} of ${asset}` },
    }
  }
}
