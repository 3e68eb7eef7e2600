import type { Note } from './tell.ts'

/** The figures that were told, against those of the story: one line for each, and how many differ. */
export function check(
  told: readonly Note[],
  telling: string,
): { readonly lines: readonly string[]; readonly failed: number } {
  const lines: string[] = []
  let failed = 0
  for (let i = 0; i < Math.max(told.length, story.length); i++) {
    const [was, should] = [textOf(told[i]), textOf(story[i])]
    const isRight = was === should
    if (!isRight) failed++
    lines.push(isRight ? `ok      ${telling}: ${was}` : `FAILED  ${telling}: expected "${should}", was "${was}"`)
  }
  return { lines, failed }
}

function textOf(note: Note | undefined): string {
  return note === undefined ? 'nothing more' : `${note.what}: ${note.is}`
}

const refused = (used: string, asked: string, free: string) =>
  `daily loss limit 500.00: used ${used}, reserved 0.00, asked ${asked}, free ${free} (max_daily_loss, global)`
const list = (machineId: number) => `gpu wants: machine ${machineId} (8x B200) is listed at $3.2000 per GPU-hour`

/** Every figure of the story in its order, worked out by hand. */
export const story: readonly Note[] = [
  // 1
  ['momentum does nothing', 'no-cross'],
  ['free, as momentum sees it', '500.00'],
  ['arbitrage does nothing', 'spread-does-not-pay'],
  ['free, as arbitrage sees it', '500.00'],
  ['free, as gpu sees it', '500.00'],
  // 2: 300 at risk over 60,000 − 59,500 a coin are 0.6 coins.
  ['momentum wants: buys 0.6 BTC at 60000 or better, stop 59500', '300.00 at worst, settled'],
  ['momentum wants: stop of 0.6 BTC at 59500', '0.00 at worst, settled'],
  ['used, once momentum has booked its loss', '300.00'],
  ['free, as momentum sees it', '200.00'],
  ['free, as arbitrage sees it', '200.00'],
  // 3: eight GPUs for 20 hours at 1.25 are 200.00, at 1.2500625 they are 200.01.
  ['free, as gpu sees it', '200.00'],
  [list(61_001), '200.00 at worst, settled'],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('300.00', '200.01', '200.00')],
  ['machine 61001 is on the market', 'yes'],
  ['machine 61002 is on the market', 'no'],
  // 4: both machines cost 20.0005 an hour. 139.9985 over 500 a coin are 0.279997 coins.
  ['used, with the upkeep of two machines for three hours', '360.0015'],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('360.0015', '200.01', '139.9985')],
  ['momentum wants: buys 0.279997 BTC at 59750 or better, stop 59250', '139.9985 at worst, settled'],
  ['momentum wants: stop of 0.279997 BTC at 59250', '0.00 at worst, settled'],
  ['free, as momentum sees it', '0.00'],
  ['momentum wants: closes 0.129997 BTC', '0.00 at worst, settled'],
  ['used', '500.00'],
  // Each leg may have to be taken back half a per cent worse: 15.00 and 15.15. The first is refused, so neither is sent.
  ['arbitrage wants: buys 1 at north up to 3000, sells at south down to 3030', '30.15 at worst, rejected, rejected'],
  ['arbitrage is told', refused('500.00', '15.00', '0.00')],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('520.0005', '200.01', '0.00')],
  ['momentum does nothing', 'no-budget'],
  ['used, with the upkeep until then', '550.00125'],
  ['machine 61001 is on the market', 'no'],
  // 5: 6 h 29 min 59 s of upkeep are 129.997694, each machine's rounded up to the millionth; one second is 0.005556.
  ['free, a second before midnight', '0.00'],
  [list(61_001), '200.00 at worst, rejected'],
  ['gpu is told', refused('679.998946', '200.00', '0.00')],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('679.998946', '200.01', '0.00')],
  ['arbitrage wants: buys 1 at north up to 3000, sells at south down to 3030', '30.15 at worst, rejected, rejected'],
  ['arbitrage is told', refused('679.998946', '15.00', '0.00')],
  ['free, as momentum sees it', '500.00'],
  ['free, as arbitrage sees it', '500.00'],
  ['free, as gpu sees it', '500.00'],
  ['used, with the upkeep of one second', '0.005556'],
  [list(61_001), '200.00 at worst, settled'],
  [list(61_002), '200.01 at worst, settled'],
  ['machine 61001 is on the market', 'yes'],
  ['machine 61002 is on the market', 'yes'],
  ['arbitrage wants: buys 1 at north up to 3000, sells at south down to 3030', '30.15 at worst, settled, settled'],
  ['free, with the gain of 30', '500.00'],
  // 100,000 − 300 − 139.9985 − 3,000, and 100,000 + 3,030.
  ['the account in the north has', '96560.0015 USDT, 6 ETH, 0 BTC'],
  ['the account in the south has', '103030 USDT, 4 ETH'],
].map(([what = '', is = '']) => ({ what, is }))
