import type { StrategySubject } from '@org/testkit'
import { LemonBot } from './lemon-bot.ts'
import { LemonStall } from './lemon-stall.ts'

const prices = [4, 3, 2, 6, 6, 7]

/** All that the checks need to know of the lemon bot. */
export const lemonBotFixtures: StrategySubject<readonly [LemonStall]> = {
  create: config => new LemonBot(config),
  venues: ({ clock }) => [new LemonStall(clock)],
  between([stall], scan) {
    stall.pricePerBox = prices[(scan - 1) % prices.length] ?? 4
  },
}
