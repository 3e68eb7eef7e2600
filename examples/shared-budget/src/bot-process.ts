// One bot in a process of its own: its own clock, clients, risk manager and connection to the store. What time it is and when to look, the parent says.
import { DefaultRiskManager, describeError, VirtualClock } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import type { Bot } from './bot.ts'
import type { Order, Reply } from './bot-elsewhere.ts'
import { engage, limits } from './cast.ts'

const clock = new VirtualClock()
let bot: Bot | undefined

process.on('message', async (order: Order) => {
  const reply: Reply = await answer(order).then(
    said => ({ answer: said }),
    error => ({ problem: describeError(error) }),
  )
  process.send?.(reply)
})
// The parent has let go of it, or is no more.
process.once('disconnect', () => process.exit())

async function answer(order: Order): Promise<unknown> {
  clock.jumpTo(order.atMs)
  return clock.run(async () => {
    if (order.kind !== 'start') return bot?.[order.kind](order.atMs)
    const store = await sqliteStore({ path: order.storePath, clock })
    const risk = new DefaultRiskManager(limits, { clock, store })
    bot = await engage(order.role, { risk, addresses: order.addresses })
    return undefined
  })
}
