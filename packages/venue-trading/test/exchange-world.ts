import { type Intent, type IntentId, memoryStore, type Rationale, type Store, VirtualClock } from '@org/core'
import {
  ccxtConfig,
  type ExchangeSimulator,
  type ExchangeSimulatorOptions,
  startExchangeSimulator,
} from '@org/sim-exchange'
import {
  ExchangeVenue,
  type ExchangeVenueOptions,
  fixedRates,
  orderEffects,
  type PlaceOrderParams,
  type TradingAction,
} from '../src/index.ts'

const rationale: Rationale = { reason: 'test', summary: 'a test' }

/** What a story is told with. */
export interface ExchangeWorld {
  readonly simulator: ExchangeSimulator
  readonly clock: VirtualClock
  readonly store: Store
  readonly venue: ExchangeVenue
  /** Another venue on the same account, store and clock. */
  another(options?: Partial<ExchangeVenueOptions>): ExchangeVenue
}

/** Runs a story on a simulator of its own, on virtual time. */
export async function onExchange(
  story: (world: ExchangeWorld) => Promise<void>,
  options: {
    readonly simulator?: Partial<ExchangeSimulatorOptions>
    readonly venue?: Partial<ExchangeVenueOptions>
  } = {},
): Promise<void> {
  const clock = new VirtualClock({ startMs: Date.UTC(2026, 5, 1) })
  await using simulator = await startExchangeSimulator({ clock, seed: 7, ...options.simulator })
  const store = memoryStore()
  const venues: ExchangeVenue[] = []
  const another = (more: Partial<ExchangeVenueOptions> = {}) => {
    const venue = new ExchangeVenue({
      exchange: 'binance',
      config: ccxtConfig(simulator),
      store,
      clock,
      rates: fixedRates({ 'USDT/USD': '1' }, { clock }),
      ...options.venue,
      ...more,
    })
    venues.push(venue)
    return venue
  }
  try {
    await clock.run(() => story({ simulator, clock, store, venue: another(), another }))
  } finally {
    for (const venue of venues) await venue.close()
  }
}

let count = 0

/** An intent as the gate would hand it over. */
export function intentOf(
  action: TradingAction,
  params: unknown,
  more: Partial<Intent> & { readonly strategyId?: string } = {},
): Intent {
  const order = params as PlaceOrderParams
  const price = order.price ?? order.worstPrice ?? '60000'
  return {
    id: `intent-${++count}` as IntentId,
    strategyId: 'momentum',
    venueId: 'binance',
    domain: 'trading',
    asset: order.symbol,
    action,
    params,
    effects: action === 'place-order' ? orderEffects({ ...order, price, feesRatio: '0.002' }) : [],
    reduces: action !== 'place-order',
    expiresAt: Date.UTC(2027, 0, 1),
    rationale,
    ...more,
  }
}

/** Executes an intent under its own id, as the gate does. */
export function act(
  venue: ExchangeVenue,
  action: TradingAction,
  params: unknown,
  more: Partial<Intent> = {},
): ReturnType<ExchangeVenue['execute']> {
  const intent = intentOf(action, params, more)
  return venue.execute(intent, { idempotencyKey: intent.id })
}
