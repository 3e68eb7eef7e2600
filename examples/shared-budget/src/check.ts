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
const list = (machineId: number) => `gpu: list machine ${machineId} at 3.2 per GPU-hour`
const buyNorth = 'arbitrage: buy 1 ETH/USDT in the north at 3000 or better, given up at 2985'
const sellSouth = 'arbitrage: sell 1 ETH/USDT in the south at 3030 or better, given up at 3045.15'

/** Every figure of the story in its order, worked out by hand. */
export const story: readonly Note[] = [
  // 1
  ['momentum does nothing', 'no-cross'],
  ['free, as momentum sees it', '500.00'],
  ['arbitrage does nothing', 'spread-does-not-pay'],
  ['free, as arbitrage sees it', '500.00'],
  ['free, as gpu sees it', '500.00'],
  // 2: 300 at risk over 60,000 − 59,500 a coin are 0.6 coins.
  ['momentum: buy 0.6 BTC/USDT in the north at 60000 or better, given up at 59500', '300.00 at worst, settled'],
  ['momentum: close 0.6 BTC/USDT in the north once it is at 59500', 'settled'],
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
  ['momentum: buy 0.279997 BTC/USDT in the north at 59750 or better, given up at 59250', '139.9985 at worst, settled'],
  ['momentum: close 0.279997 BTC/USDT in the north once it is at 59250', 'settled'],
  ['free, as momentum sees it', '0.00'],
  ['momentum: close 0.129997 BTC/USDT in the north', 'settled'],
  ['used', '500.00'],
  // A leg may have to be taken back half a per cent worse. They are reserved together: one is refused, neither is sent.
  [buyNorth, '15.00 at worst, rejected'],
  ['arbitrage is told', refused('500.00', '15.00', '0.00')],
  [sellSouth, '15.15 at worst, rejected'],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('520.0005', '200.01', '0.00')],
  ['momentum does nothing', 'no-budget'],
  ['gpu: take machine 61001 off the market', 'settled'],
  ['used, with the upkeep until then', '550.00125'],
  ['machine 61001 is on the market', 'no'],
  // 5: 6 h 29 min 59 s of upkeep are 129.997694 and one second 0.005556, the part of each machine rounded up to the millionth.
  ['free, a second before midnight', '0.00'],
  [list(61_001), '200.00 at worst, rejected'],
  ['gpu is told', refused('679.998946', '200.00', '0.00')],
  [list(61_002), '200.01 at worst, rejected'],
  ['gpu is told', refused('679.998946', '200.01', '0.00')],
  [buyNorth, '15.00 at worst, rejected'],
  ['arbitrage is told', refused('679.998946', '15.00', '0.00')],
  [sellSouth, '15.15 at worst, rejected'],
  ['free, as momentum sees it', '500.00'],
  ['free, as arbitrage sees it', '500.00'],
  ['free, as gpu sees it', '500.00'],
  ['used, with the upkeep of one second', '0.005556'],
  [list(61_001), '200.00 at worst, settled'],
  [list(61_002), '200.01 at worst, settled'],
  ['machine 61001 is on the market', 'yes'],
  ['machine 61002 is on the market', 'yes'],
  [buyNorth, '15.00 at worst, settled'],
  [sellSouth, '15.15 at worst, settled'],
  // 30 for arbitrage, less 439.9985 of momentum and 240.006002 of upkeep.
  ['free', '500.00'],
  ['gained by all three since the morning', '-650.004502'],
  // 100,000 − 300 − 139.9985 − 3,000, and 100,000 + 3,030.
  ['the account in the north has', '96560.0015 USDT, 6 ETH, 0 BTC'],
  ['the account in the south has', '103030 USDT, 4 ETH'],
].map(([what = '', is = '']) => ({ what, is }))
