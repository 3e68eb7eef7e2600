import { AutomationError } from '@org/core'

export const marketAway = new AutomationError({
  code: 'MARKET_AWAY',
  message: 'the market is away: try later',
  retryable: true,
})
export const refused = new AutomationError({ code: 'MARKET_REFUSED', message: 'the market refused' })
export const doubtful = new AutomationError({ code: 'ANSWER_LOST', message: 'the answer was lost', effect: 'unknown' })
