import type { Trade } from '../../matching/order.ts'
import type { Trader } from '../../matching/trader.ts'
import { formatUnits } from '../../matching/units.ts'
import { listingOf, type Route, type SignedCall } from '../call.ts'
import { ownTradeRow } from '../rows/trade-row.ts'

/** Balances, fees and trades of the account behind the key. */
export const accountRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/v3/account',
    socketMethod: 'account.status',
    weight: 20,
    access: 'read',
    handle: account,
  },
  {
    method: 'GET',
    path: '/api/v3/account/commission',
    weight: 20,
    access: 'read',
    handle: call => ({
      symbol: listingOf(call).market.instrument.symbol,
      standardCommission: commissionRates(call.key.trader),
    }),
  },
  { method: 'GET', path: '/sapi/v1/asset/tradeFee', weight: 1, access: 'read', handle: tradeFees },
  {
    method: 'GET',
    path: '/api/v3/myTrades',
    socketMethod: 'myTrades',
    weight: 20,
    access: 'read',
    handle: ownTrades,
  },
]

function account({ key, params, exchange }: SignedCall): object {
  const { trader, permission } = key
  const omitsZeros = params.optional('omitZeroBalances') === 'true'
  return {
    makerCommission: Number(trader.makerFeePpm) / 100,
    takerCommission: Number(trader.takerFeePpm) / 100,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: commissionRates(trader),
    canTrade: permission === 'trade',
    canWithdraw: false,
    canDeposit: false,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: exchange.nowMs,
    accountType: 'SPOT',
    balances: [...trader.balances]
      .filter(([, { free, locked }]) => !omitsZeros || free + locked > 0n)
      .map(([asset, { free, locked }]) => ({ asset, free: formatUnits(free), locked: formatUnits(locked) })),
    permissions: ['SPOT'],
    uid: 1,
  }
}

function commissionRates(trader: Trader) {
  return { maker: rate(trader.makerFeePpm), taker: rate(trader.takerFeePpm), buyer: rate(0n), seller: rate(0n) }
}

/** Parts per million as a fraction. */
function rate(ppm: bigint): string {
  return formatUnits(ppm * 100n)
}

function tradeFees(call: SignedCall): object {
  const { trader } = call.key
  const one = call.params.optional('symbol')
  const symbols = one === undefined ? [...call.exchange.listings.keys()] : [listingOf(call).market.instrument.symbol]
  return symbols.map(symbol => ({
    symbol,
    makerCommission: rate(trader.makerFeePpm),
    takerCommission: rate(trader.takerFeePpm),
  }))
}

function ownTrades(call: SignedCall): object {
  const { params, key } = call
  const { market } = listingOf(call)
  const fromId = params.integer('fromId')
  const orderId = params.integer('orderId')
  const fromMs = params.integer('startTime') ?? 0
  const toMs = params.integer('endTime') ?? Number.POSITIVE_INFINITY
  const isWanted = (trade: Trade) =>
    trade.market === market &&
    trade.atMs >= fromMs &&
    trade.atMs <= toMs &&
    (fromId === undefined || trade.id >= fromId) &&
    (orderId === undefined || trade.maker.id === orderId || trade.taker.id === orderId)
  const rows = [...(key.trader.history?.trades ?? [])].filter(isWanted)
  const limit = params.limit(500, 1_000)
  const isForwards = fromId !== undefined || params.integer('startTime') !== undefined
  return (isForwards ? rows.slice(0, limit) : rows.slice(-limit)).map(trade =>
    ownTradeRow(trade, trade.taker.trader === key.trader ? trade.taker : trade.maker),
  )
}
