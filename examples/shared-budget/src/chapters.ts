import type { Bot, Scan } from './bot.ts'
import type { Role } from './cast.ts'
import type { Deed } from './deeds.ts'
import { machineIds, type Stage } from './stage.ts'

/** What the story is told with. */
export interface Scene {
  readonly stage: Stage
  /** Lets the clock say so, and gives the instant: `'09:00'` in Berlin on the day of the story; `'24:00'` is its end. */
  at(time: string): number
  /** Starts a bot: for the first time, or again after it was stopped. */
  wake(role: Role): Promise<Bot>
  heading(text: string): void
  /** What happens around the bots. */
  say(text: string): void
  /** A figure of the story, printed and checked. */
  note(what: string, is: string): void
}

const [first, second] = machineIds

/** One day of three bots, and the first minutes of the next. Every figure follows from the prices below. */
export async function tellDay({ stage, at, wake, heading, say, note }: Scene): Promise<void> {
  const { north, south } = stage

  at('04:30')
  await north.quote('BTC/USDT', { bid: [59_749, 5], ask: [59_750, 5] })
  await north.trade('BTC/USDT', 'buy', 59_750)
  for (const exchange of [north, south]) await exchange.quote('ETH/USDT', { bid: [2_999, 10], ask: [3_000, 10] })

  heading('1. Three bots look, and none of them acts')
  at('08:00')
  const momentum = await wake('momentum')
  tell('momentum', await momentum.scan(at('08:00')))
  note('free, as momentum sees it', (await momentum.look(at('08:00'))).free)
  // Two bots trade on one account at the north: its requests are counted together, so they take turns.
  at('08:01')
  const arbitrage = await wake('arbitrage')
  tell('arbitrage', await arbitrage.scan(at('08:01')))
  note('free, as arbitrage sees it', (await arbitrage.look(at('08:01'))).free)
  // Its machines are racked at noon. From its first scan on their upkeep is booked.
  let gpu = await wake('gpu')
  note('free, as gpu sees it', (await gpu.look(at('08:01'))).free)

  heading('2. Momentum buys, and its stop is hit')
  at('08:30')
  say('BTC rises by 250: the close of the hour goes up through its average')
  await north.quote('BTC/USDT', { bid: [59_999, 5], ask: [60_000, 5] })
  await north.trade('BTC/USDT', 'buy', 60_000)
  tell('momentum', await momentum.scan(at('09:00')))
  at('09:40')
  say('BTC falls to 59,500, and the stop that waits at the exchange sells')
  await north.quote('BTC/USDT', { bid: [59_500, 5], ask: [59_501, 5] })
  await north.trade('BTC/USDT', 'sell', 59_500)
  const booked = await momentum.scan(at('09:45'))
  note('used, once momentum has booked its loss', booked.after.used)
  note('free, as momentum sees it', booked.after.free)
  note('free, as arbitrage sees it', (await arbitrage.look(at('09:45'))).free)

  heading('3. gpu wants to list two machines')
  const listing = await gpu.scan(at('12:00'))
  note('free, as gpu sees it', listing.before.free)
  tell('gpu', listing)
  note(`machine ${first} is on the market`, isListed(first))
  note(`machine ${second} is on the market`, isListed(second))

  heading('4. What is left is lost too: new risk ends everywhere, what lowers it goes on')
  at('14:30')
  say('BTC rises by 250 again')
  await north.quote('BTC/USDT', { bid: [59_749, 5], ask: [59_750, 5] })
  await north.trade('BTC/USDT', 'buy', 59_750)
  const reviewed = await gpu.scan(at('15:00'))
  note('used, with the upkeep of two machines for three hours', reviewed.before.used)
  tell('gpu', reviewed)
  tell('momentum', await momentum.scan(at('15:00')))
  at('15:20')
  say('BTC falls to 59,250 in a thin market: the stop finds buyers for 0.15 BTC alone')
  // Nobody offers meanwhile: what is left is worth what the last trade paid.
  await north.quote('BTC/USDT', { bid: [59_250, 0.16] })
  await north.trade('BTC/USDT', 'sell', 59_250)
  await north.quote('BTC/USDT', { bid: [59_250, 5] })
  const fallen = await momentum.scan(at('15:21'))
  note('free, as momentum sees it', fallen.before.free)
  tell('momentum', fallen)
  note('used', fallen.after.used)
  at('16:00')
  say('ETH costs 3,000 in the north and brings 3,030 in the south')
  await south.quote('ETH/USDT', { bid: [3_030, 10], ask: [3_031, 10] })
  tell('arbitrage', await arbitrage.scan(at('16:00')))
  tell('gpu', await gpu.scan(at('16:00')))
  at('16:30')
  say('BTC rises by 250 once more')
  await north.quote('BTC/USDT', { bid: [59_499, 5], ask: [59_500, 5] })
  await north.trade('BTC/USDT', 'buy', 59_500)
  tell('momentum', await momentum.scan(at('17:00')))
  at('17:30')
  say('the host stops gpu for the night, which takes its machines off the market')
  const night = await gpu.stop(at('17:30'))
  tellDeeds('gpu', night.deeds)
  note('used, with the upkeep until then', night.after.used)
  note(`machine ${first} is on the market`, isListed(first))

  heading('5. Midnight in Berlin: a new day')
  at('23:59:59')
  gpu = await wake('gpu')
  const late = await gpu.scan(at('23:59:59'))
  note('free, a second before midnight', late.before.free)
  tell('gpu', late)
  tell('arbitrage', await arbitrage.scan(at('23:59:59')))
  note('free, as momentum sees it', (await momentum.look(at('24:00'))).free)
  note('free, as arbitrage sees it', (await arbitrage.look(at('24:00'))).free)
  note('free, as gpu sees it', (await gpu.look(at('24:00'))).free)
  const early = await gpu.scan(at('24:00'))
  note('used, with the upkeep of one second', early.before.used)
  tell('gpu', early)
  note(`machine ${first} is on the market`, isListed(first))
  note(`machine ${second} is on the market`, isListed(second))
  tell('arbitrage', await arbitrage.scan(at('24:00')))
  at('24:10')
  say('ETH costs 3,015 everywhere: what arbitrage bought and what it sold are worth the same')
  for (const exchange of [north, south]) await exchange.quote('ETH/USDT', { bid: [3_014, 10], ask: [3_016, 10] })
  const { after } = await arbitrage.scan(at('24:10'))
  note('free', after.free)
  note('gained by all three since the morning', after.gained)
  await arbitrage.stop(at('24:10'))
  await gpu.stop(at('24:10'))
  await momentum.stop(at('24:11'))
  note('the account in the north has', north.holdings())
  note('the account in the south has', south.holdings())

  function tell(who: Role, { deeds, reason }: Scan): void {
    if (deeds.length === 0) note(`${who} does nothing`, reason)
    tellDeeds(who, deeds)
  }

  function tellDeeds(who: Role, deeds: readonly Deed[]): void {
    for (const { words, worstCase, outcome, refusal } of deeds) {
      note(`${who}: ${words}`, worstCase === undefined ? outcome : `${worstCase} at worst, ${outcome}`)
      if (refusal !== undefined) note(`${who} is told`, refusal)
    }
  }

  function isListed(machineId: number): string {
    return stage.marketplace.world.machine(machineId).listing === undefined ? 'no' : 'yes'
  }
}
