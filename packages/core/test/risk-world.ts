import {
  type Amount,
  type Clock,
  type ClosedPosition,
  DefaultRiskManager,
  type Effect,
  type Intent,
  type IntentId,
  memoryStore,
  type ResultRecord,
  type RiskConstraint,
  type Store,
} from '../src/index.ts'

const minuteMs = 60_000

type Asked = Partial<Omit<Intent, 'effects' | 'id'>> & { readonly id?: string }

/** One risk manager on a clock that is set by hand, and words to speak to it. */
export class RiskWorld {
  nowMs = Date.UTC(2026, 0, 5, 12)
  readonly clock: Clock = { now: () => this.nowMs, sleep: async () => {}, track: work => work }
  readonly store: Store
  readonly risk: DefaultRiskManager
  #ids = 0

  constructor(
    constraints: readonly RiskConstraint[],
    options: { readonly store?: Store; readonly startEquity?: Amount } = {},
  ) {
    this.store = options.store ?? memoryStore()
    this.risk = new DefaultRiskManager(constraints, { ...options, store: this.store, clock: this.clock })
  }

  minutesPass(minutes: number): void {
    this.nowMs += minutes * minuteMs
  }

  intent(effects: Readonly<Record<string, Amount>>, asked: Asked = {}): Intent {
    const { id = `i-${++this.#ids}`, ...rest } = asked
    return {
      domain: 'd',
      strategyId: 's',
      venueId: 'v',
      asset: 'a',
      action: 'act',
      params: {},
      reduces: false,
      expiresAt: this.nowMs + 5 * minuteMs,
      rationale: { reason: 'test', summary: 'test' },
      ...rest,
      id: id as IntentId,
      effects: Object.entries(effects).map(([measure, amount]): Effect => ({ measure, amount })),
    }
  }

  /** `ok`, or the code of the refusal and the constraint that refused. */
  async ask(effects: Readonly<Record<string, Amount>>, asked: Asked = {}): Promise<string> {
    const result = await this.risk.reserve(this.intent(effects, asked))
    if (result.ok) return 'ok'
    const { code, constraint } = result.rejection
    return constraint === undefined ? code : `${code} ${constraint}`
  }

  /** As `ask`, and gives back what was reserved. */
  async wouldPass(effects: Readonly<Record<string, Amount>>, asked: Asked = {}): Promise<boolean> {
    const result = await this.risk.reserve(this.intent(effects, asked))
    if (result.ok) await this.risk.release(result.reservation.id, 'only asked')
    return result.ok
  }

  record(postings: Readonly<Record<string, Amount>>, more: Partial<ResultRecord> = {}): Promise<void> {
    return this.risk.record(this.result(postings, more))
  }

  result(postings: Readonly<Record<string, Amount>>, more: Partial<ResultRecord> = {}): ResultRecord {
    return {
      domain: 'd',
      strategyId: 's',
      venueId: 'v',
      asset: 'a',
      note: 'test',
      ...more,
      postings: Object.entries(postings).map(([measure, amount]) => ({ measure, amount })),
    }
  }

  close(ratio: number, more: Partial<ClosedPosition> & { readonly asset?: string } = {}): Promise<void> {
    const { asset = 'a', ...closed } = more
    return this.record({}, { asset, closed: { ratio, ...closed } })
  }
}
