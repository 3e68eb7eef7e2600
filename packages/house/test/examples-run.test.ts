import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const root = resolve(import.meta.dirname, '../../..')

/** What each example must print; an example that is not named here fails. */
const prints: Record<string, { readonly args?: readonly string[]; readonly expected: RegExp }> = {
  backtest: { args: ['--days', '3'], expected: /^booked by all on the one budget: -?\d+\.\d\d$/m },
  'custom-constraint': { expected: /^6 kWh: runs.*\n4 kWh: refused \(exceeds_limit\), 2 kWh left/m },
  'gpu-optimizer': { args: ['--days', '1'], expected: /288 scans/ },
  'market-search': { expected: /renters pay \$\d+\.\d{3}, hosts earn \$\d+\.\d{3} per GPU-hour/ },
  'own-program': { expected: /done/ },
  'shared-budget': { args: ['--check'], expected: /^[1-9]\d* passed, 0 failed$/m },
}

describe('the example', () => {
  it.each(['custom-constraint', 'market-search', 'own-program'])('%s is a program of 10 to 20 lines', name => {
    const lines = readFileSync(join(root, 'examples', name, 'src/main.ts'), 'utf8')
      .trimEnd()
      .split('\n').length
    expect(lines).toBeGreaterThanOrEqual(10)
    expect(lines).toBeLessThanOrEqual(20)
  })

  it.each(readdirSync(join(root, 'examples')))(
    '%s runs without a key and prints what it promises',
    { timeout: 60_000 },
    async name => {
      const { VAST_AI_API_KEY: _, ...env } = process.env
      const { args = [], expected } = prints[name] ?? { expected: /(?!)/ }
      const main = join(root, 'examples', name, 'src/main.ts')
      const { stdout } = await run(process.execPath, ['--conditions=@org/source', main, ...args], {
        env,
        cwd: root,
        timeout: 55_000,
      })
      expect(stdout).toMatch(expected)
      expect(stdout).not.toMatch(/undefined|NaN/)
    },
  )
})
