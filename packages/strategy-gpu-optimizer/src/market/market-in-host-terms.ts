import type { HostPrice, MarketRate, PriceBand } from '@org/venue-vastai/actions'
import type { AskBand, PricingMarket } from '../pricing/pricing-policy.ts'

/**
 * The market as policies see it. The one place where renter and host prices meet: the types let only host prices through, because peers'
 * offers show what renters pay, a third more than a listing sets.
 */
export function marketInHostTerms(rate: MarketRate): PricingMarket {
  return {
    asOfMs: rate.asOf,
    machines: rate.machinesCounted,
    ask: askBand(rate.host),
    idleAsk: rate.idle === undefined ? undefined : askBand(rate.idle.host),
    rentedAsk: rate.rented === undefined ? undefined : askBand(rate.rented.host),
    rentedShare: rate.rentedShare,
    idleGpus: rate.idleGpus,
  }
}

function askBand({ p10, p25, median, p75, p90 }: PriceBand<HostPrice>): AskBand {
  return { p10, p25, median, p75, p90 }
}
