import { readFileSync, writeFileSync } from 'node:fs'
import { DefaultRiskManager, importJournal, VirtualClock, verifyChain } from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { beforeEach, describe, expect, it } from 'vitest'
import { automate } from '../src/index.ts'
import { commandLine, startMs, writeMorning } from './command-line.ts'

const { path, run } = commandLine()
beforeEach(() => writeMorning(path('bot.db')))

const lines = (...text: string[]) => `${text.join('\n')}\n`
const reason = ['--reason', 'because']

/** The data of a line with `--json`. */
async function dataOf(line: readonly string[]): Promise<Record<string, unknown>> {
  const { out } = await run([...line, '--json'])
  const { version, command, data } = JSON.parse(out) as Record<string, unknown>
  expect([version, command]).toEqual([1, line.filter((word, i) => i === 0 || /^[a-z]+$/.test(word)).join(' ')])
  return data as Record<string, unknown>
}

describe('status', () => {
  it('says what is stopped, left, open and at stake', async () => {
    expect(await run(['status'])).toEqual({
      exitCode: 0,
      err: '',
      out: lines(
        'bot.db, last entry 2026-01-01 09:00:00 UTC',
        'Active: nothing is halted',
        '',
        'Budgets',
        '                            limit   used  reserved   left',
        '  max_daily_loss (global)  100.00  20.00      4.00  76.00  [####+---------------]',
        '  max_exposure (global)    100.00   4.00      4.00  92.00  [#+------------------]',
        '  max_frequency (global)       60      1         1     58  [#+------------------]',
        '  max_drawdown (global)     20.00  20.00      4.00   0.00  [####################]  LOCKED until it is re-armed',
        '',
        'Open intents',
        '  box-3: IN DOUBT; lemon-bot wants buy at lemon-market, lemons',
        '',
        'At stake',
        '  exposure                                     4.00',
        '    at lemon-market                            4.00',
        '    in lemons                                  4.00',
        '  lost today (UTC)                            20.00',
        '  lost today if every open intent goes wrong  24.00',
      ),
    })
  })

  it('says the same to programs', async () => {
    expect(await dataOf(['status'])).toMatchObject({
      state: 'active',
      halts: [],
      lossToday: 20,
      worstCaseLossToday: 24,
      bindsFirst: { constraint: 'max_drawdown', scope: 'global' },
      openIntents: [{ id: 'box-3', stage: 'in-doubt' }],
    })
  })

  it('looks again until it is stopped', async () => {
    let looks = 0
    const stop = new AbortController()
    const out: string[] = []
    const exitCode = await automate(['status', '--watch', '--json', '--store', path('bot.db')], {
      // The operator reads for a while, and has seen enough after the third look.
      clock: {
        now: () => startMs,
        track: work => work,
        sleep: async () => {
          if (++looks === 3) stop.abort()
        },
      },
      env: {},
      who: 'ada@desk',
      out: text => void out.push(text),
      err: text => void out.push(text),
      signal: stop.signal,
    })
    expect([exitCode, out.map(text => JSON.parse(text).command)]).toEqual([0, ['status', 'status', 'status']])
  })

  it('says that the ledger is ahead of this clock, on stderr', async () => {
    const { err } = await run(['status'], { clock: new VirtualClock({ startMs: startMs - 120_000 }) })
    expect(err).toContain("the ledger's time is 120 s ahead of this clock")
  })
})

describe('budget', () => {
  it('shows all, or one by its name', async () => {
    expect(await dataOf(['budget', 'show'])).toMatchObject({
      budgets: [{}, {}, {}, { constraint: 'max_drawdown', locked: true }],
    })
    const { budgets } = JSON.parse((await run(['budget', 'show', 'max_exposure', '--json'])).out).data
    expect(budgets).toEqual([
      {
        constraint: 'max_exposure',
        type: 'EXPOSURE',
        scope: 'global',
        limit: 100,
        used: 4,
        reserved: 4,
        available: 92,
        enforced: true,
        measure: 'exposure',
      },
    ])
  })

  it('sets a limit, and remembers who and why', async () => {
    expect(await run(['budget', 'set', 'max_daily_loss', '250.5', ...reason])).toEqual({
      exitCode: 0,
      out: 'max_daily_loss: limit 100.00 -> 250.50\n',
      err: '',
    })
    expect((await run(['budget', 'history', 'max_daily_loss'])).out).toBe(
      lines(
        '  2026-01-01 09:00:00  max_daily_loss  limit 100.00 by config: configured at start',
        '  2026-01-01 09:00:00  max_daily_loss  limit 250.50 by ada@desk via automate: because',
      ),
    )
  })

  it('names the known ones for one that is not there, and sets nothing that is no amount', async () => {
    expect(await run(['budget', 'set', 'max_daly_loss', '1', ...reason])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('known: max_daily_loss, max_exposure'),
    })
    expect(await run(['budget', 'set', 'max_daily_loss', '1k', ...reason])).toMatchObject({ exitCode: 2, out: '' })
    expect((await run(['budget', 'history', 'max_daily_loss'])).out.split('\n')).toHaveLength(2)
  })
})

describe('halt and resume', () => {
  it('say what is stopped, by whom, and what still is after a resume', async () => {
    expect(await run(['halt', '--venue', 'lemon-market', ...reason])).toEqual({
      exitCode: 0,
      out: 'halted venue=lemon-market: new risk is refused, what reduces risk passes\n',
      err: '',
    })
    await run(['halt', '--by', 'grace', ...reason])
    expect((await run(['status'])).out).toContain('HALTED venue=lemon-market: because\nHALTED everywhere: because\n')
    expect(await run(['resume', ...reason])).toEqual({
      exitCode: 0,
      out: 'resumed everywhere\n',
      err: 'what is still stopped:\nHALTED venue=lemon-market: because\n',
    })
    expect((await run(['journal', 'tail', '-n', '2'])).out).toBe(
      lines(
        '      14  2026-01-01 09:00:00  grace halted everything: because',
        '      15  2026-01-01 09:00:00  ada@desk via automate resumed everything: because',
      ),
    )
  })

  it('say that a name which nobody uses may stop nothing', async () => {
    expect(await run(['halt', '--venue', 'lemon-markt', ...reason])).toMatchObject({
      exitCode: 0,
      err: expect.stringContaining('"lemon-markt", so that this may stop nothing; known: lemon-market'),
    })
  })

  it('refuse to resume what is not halted', async () => {
    await run(['halt', '--venue', 'lemon-market', ...reason])
    expect(await run(['resume', ...reason])).toMatchObject({ exitCode: 2, err: expect.stringMatching(/^NOT_HALTED: /) })
  })
})

describe('rearm', () => {
  it('lifts the lock of a drawdown', async () => {
    expect((await run(['rearm', 'max_drawdown', ...reason])).out).toBe('re-armed max_drawdown (global)\n')
    expect((await run(['status'])).out).not.toContain('LOCKED')
  })

  it('refuses where nothing is locked', async () => {
    expect(await run(['rearm', 'max_daily_loss', ...reason])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('NOTHING_TO_REARM'),
    })
  })
})

describe('journal why', () => {
  it('tells one decision: what was seen, against what, what was reserved, what came of it', async () => {
    expect((await run(['journal', 'why', 'box-1'])).out).toBe(
      lines(
        'box-1: lemon-bot wanted buy at lemon-market about lemons. It happened, and its result is booked.',
        '',
        '  why        a box costs 4.00 and is worth 5.00',
        '             reason price-below-worth',
        '',
        '  seen       price per box  4',
        '             worth per box  5',
        '',
        '  against    profit min  0.5',
        '',
        '  asked for  boxes  1',
        '',
        '  at worst   loss 4.00, exposure 4.00, count 1.00',
        '',
        '  then       2026-01-01 09:00:00  reserved 4.00 of max_daily_loss@global, 4.00 of max_exposure@global, 1.00 of max_frequency@global, 4.00 of max_drawdown@global',
        '             2026-01-01 09:00:00  sent with the key key-1',
        '             2026-01-01 09:00:00  settled: loss 20.00, exposure 4.00, count 1.00 (stall 7)',
      ),
    )
  })

  it('tells of one that was refused, and of one that nobody knows of', async () => {
    expect((await run(['journal', 'why', 'box-2'])).out).toMatch(
      /It was refused, and nothing was sent\.[\s\S]*refused, LIMIT_EXCEEDED: daily loss limit 100\.00: .*asked 400\.00/,
    )
    expect((await run(['journal', 'why', 'box-3'])).out).toMatch(
      /Nobody knows yet[\s\S]*in doubt, LOST: the connection/,
    )
  })

  it('names ids like one that it does not know, and ends with 1', async () => {
    expect(await run(['journal', 'why', 'box'])).toMatchObject({
      exitCode: 1,
      out: '',
      err: expect.stringContaining('the newest that contain it: box-1, box-2, box-3'),
    })
  })
})

describe('journal tail, verify and export', () => {
  it('tail takes a whole number', async () => {
    for (const count of ['0', '1.5', 'x', '10001'])
      expect(await run(['journal', 'tail', '-n', count])).toMatchObject({ exitCode: 2, out: '' })
  })

  it('tail shows every kind of entry in words', async () => {
    const { out } = await run(['journal', 'tail'])
    expect(out.match(/box-1 (reserved|sent|settled)/g)).toEqual(['box-1 reserved', 'box-1 sent', 'box-1 settled'])
    expect(out).toContain('max_drawdown@global tripped: fell 20.00 from its peak')
  })

  it('verify proves a sound journal', async () => {
    expect(await dataOf(['journal', 'verify'])).toEqual({ ok: true, entries: 12, digest: expect.any(String) })
  })

  it('export gives a journal that proves itself, on stdout and in a file, and overwrites nothing', async () => {
    const { out } = await run(['journal', 'export'])
    expect(await verifyChain(importJournal(out.split('\n')))).toBeUndefined()
    expect((await run(['journal', 'export', path('journal.jsonl')])).out).toBe('journal.jsonl: 12 entries\n')
    expect(readFileSync(path('journal.jsonl'), 'utf8')).toBe(out)
    expect(await run(['journal', 'export', path('journal.jsonl')])).toMatchObject({
      exitCode: 2,
      err: 'FILE_EXISTS: journal.jsonl exists and is not overwritten: choose another name\n',
    })
    const envelopes = (await run(['journal', 'export', '--json'])).out.trimEnd().split('\n')
    expect(envelopes).toHaveLength(12)
    expect(JSON.parse(envelopes[11] ?? '')).toMatchObject({ version: 1, command: 'journal export', data: { seq: 12 } })
  })
})

describe('replay', () => {
  it('finds every budget as the store keeps it', async () => {
    expect(await run(['replay'])).toMatchObject({
      exitCode: 0,
      out: '4 budgets rebuilt from 12 entries: all as the store keeps them\n',
    })
  })
})

describe('backup and restore', () => {
  it('bring a moment back, keep what stood there, and overwrite nothing', async () => {
    expect((await run(['backup', path('monday.db')])).out).toMatch(/^monday\.db: 12 entries, checked; digest \w{64}\n$/)
    await run(['halt', ...reason])
    expect(await run(['restore', path('monday.db')])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('add --set-aside'),
    })
    const restored = await run(['restore', path('monday.db'), '--set-aside'])
    expect(restored).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(
        /^set aside as bot\.db\.aside-2026-01-01T090000000Z\n[\s\S]*bot\.db: 12 entries from monday\.db, checked/,
      ),
      err: expect.stringContaining('start the bot, whose first act is to ask them'),
    })
    expect((await run(['status'])).out).toContain('Active: nothing is halted')
    const aside = await run(['status'], { store: path('bot.db.aside-2026-01-01T090000000Z') })
    expect(aside.out).toContain('HALTED everywhere: because')
    expect(await run(['backup', path('monday.db')])).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('FILE_EXISTS'),
    })
  })

  it('leave everything as it is when the backup is damaged', async () => {
    await run(['backup', path('monday.db')])
    writeFileSync(path('monday.db'), readFileSync(path('monday.db')).fill(0x2a, 5_000, 9_000))
    expect(await run(['restore', path('monday.db'), '--set-aside'])).toMatchObject({
      exitCode: 3,
      err: expect.stringContaining('STORE_CORRUPT'),
    })
    expect((await run(['journal', 'verify'])).exitCode).toBe(0)
  })
})

describe('time-back', () => {
  it('changes nothing where the ledger is not ahead', async () => {
    expect((await run(['time-back', ...reason])).out).toContain('nothing was changed')
  })

  it('sets the ledger back to this clock', async () => {
    const clock = new VirtualClock({ startMs: startMs + 86_400_000 })
    await using store = await sqliteStore({ path: path('bot.db'), clock })
    await new DefaultRiskManager([], { store, clock }).halt({}, 'a day ahead', 'wrong clock')
    expect((await run(['time-back', ...reason])).out).toBe(
      'set back from 2026-01-02 09:00:00 to 2026-01-01 09:00:00 UTC\n',
    )
    expect((await run(['doctor'])).out).toContain('ok       clock')
  })
})

describe('doctor', () => {
  it('ends with 1 when something is wrong, here an intent in doubt', async () => {
    const { exitCode, out } = await run(['doctor'])
    expect(exitCode).toBe(1)
    expect(out.split('\n').filter(line => line.startsWith('PROBLEM'))).toEqual([
      'PROBLEM  doubt: 1 in doubt: start the bot, which asks the venues what became of them',
    ])
  })

  it('finds a ledger that is ahead of this clock', async () => {
    const { out } = await run(['doctor'], { clock: new VirtualClock({ startMs: startMs - 3_600_000 }) })
    expect(out).toContain('PROBLEM  clock: the ledger is 3600 s ahead of this clock')
  })
})
