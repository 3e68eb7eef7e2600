import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { VirtualClock } from '@org/core'
import { afterEach, describe, expect, it } from 'vitest'
import { commandLine, startMs } from './command-line.ts'

const { path, run } = commandLine()
let bot: ChildProcess | undefined
afterEach(async () => {
  if (bot?.exitCode === null) {
    bot.kill('SIGKILL')
    await once(bot, 'exit')
  }
  bot = undefined
})

/** A bot that runs an engine on `bot.db` in another process. */
function startBot() {
  const child = fork(join(import.meta.dirname, 'bot-process.ts'), [path('bot.db')], {
    execArgv: ['--conditions=@org/source'],
  })
  bot = child
  return {
    async scan(): Promise<{ status: string; code?: string; why?: string; bought: number }> {
      child.send('scan')
      const [answer] = await Promise.race([
        once(child, 'message'),
        once(child, 'exit').then(([code]) => Promise.reject(new Error(`the bot ended with ${code}`))),
      ])
      return answer
    },
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    async stop() {
      child.send('stop')
      await once(child, 'exit')
      return child.exitCode
    },
  }
}

// The bot's clock goes on a second with each scan; the operator's is later than both.
const later = () => ({ clock: new VirtualClock({ startMs: startMs + 60_000 }) })

describe('a bot that runs in another process', { timeout: 60_000 }, () => {
  it('refuses its next intent once somebody halts, says why, and acts again after a resume', async () => {
    const other = startBot()
    expect(await other.scan()).toEqual({ status: 'settled', bought: 1 })

    expect(await run(['halt', '--reason', 'prices look wrong'], later())).toMatchObject({ exitCode: 0, err: '' })
    expect(await other.scan()).toMatchObject({
      status: 'rejected',
      code: 'HALTED',
      why: expect.stringContaining('prices look wrong'),
      bought: 1,
    })

    expect(await run(['resume', '--reason', 'they are right'], later())).toMatchObject({ exitCode: 0, err: '' })
    expect(await other.scan()).toEqual({ status: 'settled', bought: 2 })
    expect(await other.stop()).toBe(0)

    const tail = await run(['journal', 'tail'], later())
    expect(tail.out).toContain('ada@desk via automate halted everything: prices look wrong')
    expect(tail.out).toContain('ada@desk via automate resumed everything: they are right')
  })

  it('obeys a halt of its venue, and none of another', async () => {
    const other = startBot()
    await other.scan()
    await run(['halt', '--venue', 'another', '--reason', 'r'], later())
    expect(await other.scan()).toMatchObject({ status: 'settled' })
    await run(['halt', '--venue', 'lemon-market', '--reason', 'r'], later())
    expect(await other.scan()).toMatchObject({ code: 'HALTED' })
    await other.stop()
  })

  it('is halted while it hangs, and obeys as soon as it goes on', async () => {
    const other = startBot()
    await other.scan()
    other.freeze()
    expect((await run(['halt', '--reason', 'it hangs'], later())).exitCode).toBe(0)
    other.thaw()
    expect(await other.scan()).toMatchObject({ code: 'HALTED', bought: 1 })
    await other.stop()
  })

  it('obeys a limit that is set meanwhile', async () => {
    const other = startBot()
    await other.scan()
    expect((await run(['budget', 'set', 'max_daily_loss', '4', '--reason', 'enough'], later())).out).toBe(
      'max_daily_loss: limit 100.00 -> 4.00\n',
    )
    expect(await other.scan()).toMatchObject({ code: 'LIMIT_EXCEEDED', bought: 1 })
    await other.stop()
  })

  it('is no obstacle to looking, backing up and rebuilding; but its store is not replaced under it', async () => {
    const other = startBot()
    await other.scan()
    for (const line of [['status'], ['doctor'], ['journal', 'verify'], ['replay'], ['backup', path('copy.db')]])
      expect(await run(line, later())).toMatchObject({ exitCode: 0, err: '' })
    const restored = await run(['restore', path('copy.db'), '--set-aside'], later())
    expect(restored).toMatchObject({ exitCode: 3, err: expect.stringContaining('a process still uses it') })
    expect(existsSync(path('bot.db.restored'))).toBe(false)
    expect(await other.scan()).toMatchObject({ status: 'settled' })
    await other.stop()
    expect((await run(['restore', path('copy.db'), '--set-aside'], later())).exitCode).toBe(0)
  })
})
