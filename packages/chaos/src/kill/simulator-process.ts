/**
 * The market of the kill rounds, a process of its own on 127.0.0.1. Arguments: seed and a file, into which it writes every rental at the
 * moment it happens, whatever becomes of the answer. Prints its address and the renter's key as JSON.
 */
import { appendFileSync, writeSync } from 'node:fs'
import { systemClock, VirtualClock } from '@org/core'
import { createWorld, startVastAiSimulator, type World } from '@org/sim-vastai'
import { endWithParent } from './end-with-parent.ts'

endWithParent()
const [seedText, book = ''] = process.argv.slice(2)
const seed = Number(seedText)
// Time stands still, so that nobody but the bots changes the market.
const clock = new VirtualClock({ startMs: systemClock.now() })
const world = createWorld({ seed, startMs: clock.now(), models: ['RTX_4090'] })
const rent: World['rent'] = world.rent.bind(world)
Object.assign(world, {
  rent(request: Parameters<World['rent']>[0]) {
    const contract = rent(request)
    appendFileSync(book, `${contract.id} ${contract.label ?? ''}\n`)
    return contract
  },
})
const { url, renterKey } = await startVastAiSimulator({
  clock,
  seed,
  world,
  machines: [],
  rateLimits: false,
  renterBalanceUsd: 1_000_000,
})
writeSync(1, `${JSON.stringify({ url, renterKey })}\n`)
