import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  DefaultRiskManager,
  dailyLoss,
  drawdown,
  exposure,
  frequency,
  type Intent,
  type IntentId,
  VirtualClock,
} from '@org/core'
import { sqliteStore } from '@org/store-sqlite'
import { afterEach } from 'vitest'
import { automate } from '../src/index.ts'

export const startMs = Date.UTC(2026, 0, 1, 9)

/** A folder of its own for each test, and `automate` in it with a clock that stands still. */
export function commandLine() {
  let folder = ''
  afterEach(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
    folder = ''
  })
  const path = (name: string) => {
    if (folder === '') folder = mkdtempSync(join(tmpdir(), 'automate-'))
    return join(folder, name)
  }
  /** Runs a line on `bot.db`; paths of the folder are shown without it. */
  const run = async (
    line: readonly string[],
    options: { readonly clock?: VirtualClock; readonly store?: string } = {},
  ) => {
    let [out, err] = ['', '']
    const exitCode = await automate(line, {
      clock: options.clock ?? new VirtualClock({ startMs }),
      env: { AUTOMATE_STORE: options.store ?? path('bot.db') },
      who: 'ada@desk',
      out(text) {
        out += text
      },
      err(text) {
        err += text
      },
      signal: AbortSignal.abort(),
    })
    const short = (text: string) => text.replaceAll(`${folder}/`, '')
    return { exitCode, out: short(out), err: short(err) }
  }
  return { path, run }
}

export function buy(id: string, changes: Partial<Intent> = {}): Intent {
  return {
    id: id as IntentId,
    strategyId: 'lemon-bot',
    venueId: 'lemon-market',
    domain: 'fruit',
    asset: 'lemons',
    action: 'buy',
    params: { boxes: 1 },
    effects: [
      { measure: 'loss', amount: 4 },
      { measure: 'exposure', amount: 4 },
      { measure: 'count', amount: 1 },
    ],
    reduces: false,
    expiresAt: startMs + 60_000,
    rationale: {
      reason: 'price-below-worth',
      summary: 'a box costs 4.00 and is worth 5.00',
      inputs: { pricePerBox: 4, worthPerBox: 5 },
      thresholds: { profitMin: 0.5 },
    },
    ...changes,
  }
}

/** A store with a morning in it: one box bought at a loss that trips the drawdown, one refused, one of which nobody knows. */
export async function writeMorning(path: string): Promise<void> {
  const clock = new VirtualClock({ startMs })
  await using store = await sqliteStore({ path, clock })
  const risk = new DefaultRiskManager(
    [
      dailyLoss({ limit: 100 }),
      exposure({ limit: 100 }),
      frequency({ limit: 60, per: '1h' }),
      drawdown({ limit: 20, name: 'max_drawdown' }),
    ],
    { store, clock },
  )
  await risk.reserve(buy('box-1'))
  await risk.markSent('box-1', 'key-1')
  await risk.reserve(buy('box-2', { effects: [{ measure: 'loss', amount: 400 }] }))
  await risk.reserve(buy('box-3'))
  await risk.markSent('box-3', 'key-3')
  await risk.markInDoubt('box-3', 'LOST', 'the connection broke after the request had left')
  await risk.settle(
    'box-1',
    [
      { measure: 'loss', amount: 20 },
      { measure: 'exposure', amount: 4 },
    ],
    { intentId: 'box-1' as IntentId, venueRef: 'stall 7', at: startMs, postings: [] },
  )
}
