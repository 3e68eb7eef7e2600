import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { reportHtml, runBacktest } from '@org/backtest'
import { exposure } from '@org/core'
import { describe, expect, it } from 'vitest'
import { EmaCross } from './ema-cross.ts'
import { randomWalk } from './random-walk.ts'

const run = promisify(execFile)
const browser = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const offline = ['--headless=new', '--no-sandbox', '--disable-gpu', '--host-resolver-rules=MAP * ~NOTFOUND']

describe('the report in a browser', () => {
  it.skipIf(browser === undefined)('is drawn, as it was written, without a network', { timeout: 120_000 }, async () => {
    const symbol = 'LEMON/USD'
    const bars = randomWalk({ seed: 5, bars: 2_000, stepMs: 3_600_000, volatility: 0.004 })
    const options = { venueId: 'market', symbol, timeframe: '1h', fast: 5, slow: 20, quantity: '20' }
    const result = await runBacktest({
      strategies: [new EmaCross({ ...options, scanIntervalMs: 3_600_000 })],
      venues: [{ id: 'market', feeds: [{ symbol, timeframe: '1h', bars }], broker: { cash: 10_000 } }],
      constraints: [exposure({ limit: 2_200 })],
    })
    const prices = { venueId: 'market', symbol, bars }
    const folder = mkdtempSync(join(tmpdir(), 'report-'))
    try {
      const file = join(folder, 'report.html')
      const picture = join(folder, 'report.png')
      const html = reportHtml({ title: 'In a browser', runs: [{ name: 'one', result }], prices })
      writeFileSync(file, html)
      const command = browser as string
      const profile = `--user-data-dir=${join(folder, 'profile')}`
      const { stdout } = await run(command, [...offline, profile, '--dump-dom', `file://${file}`], { maxBuffer: 1e8 })
      // What the browser has understood holds all that was written: nothing was repaired away.
      for (const tag of ['<svg', '<path', '<tr', '<section'])
        expect(stdout.split(tag).length, tag).toBe(html.split(tag).length)
      await run(command, [...offline, profile, '--window-size=1100,2000', `--screenshot=${picture}`, `file://${file}`])
      // A page of one colour would be some 10 kB.
      expect(readFileSync(picture).length).toBeGreaterThan(60_000)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
