import type { Listing } from '../../market/listing.ts'
import { formatUnits } from '../../matching/units.ts'
import { openOrdersMax, priceMultiples } from '../order-filters.ts'
import { quantityText } from './amounts.ts'

/** A market as exchangeInfo describes it. */
export function symbolRow({ market: { instrument }, isTrading }: Listing): object {
  return {
    symbol: instrument.symbol,
    status: isTrading ? 'TRADING' : 'BREAK',
    baseAsset: instrument.base,
    baseAssetPrecision: 8,
    quoteAsset: instrument.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET', 'STOP_LOSS', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT', 'TAKE_PROFIT_LIMIT'],
    icebergAllowed: false,
    ocoAllowed: false,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: [
      {
        filterType: 'PRICE_FILTER',
        minPrice: formatUnits(instrument.tickUnits),
        maxPrice: '100000000.00000000',
        tickSize: formatUnits(instrument.tickUnits),
      },
      {
        filterType: 'LOT_SIZE',
        minQty: quantityText(instrument, instrument.lotsMin),
        maxQty: quantityText(instrument, instrument.lotsMax),
        stepSize: formatUnits(instrument.lotUnits),
      },
      {
        filterType: 'PERCENT_PRICE_BY_SIDE',
        bidMultiplierUp: String(priceMultiples.max),
        bidMultiplierDown: String(priceMultiples.min),
        askMultiplierUp: String(priceMultiples.max),
        askMultiplierDown: String(priceMultiples.min),
        avgPriceMins: 0,
      },
      {
        filterType: 'NOTIONAL',
        minNotional: formatUnits(instrument.notionalMinUnits),
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 0,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: openOrdersMax },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: ['EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'],
  }
}
