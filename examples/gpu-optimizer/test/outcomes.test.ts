import { describe, expect, it } from 'vitest'
import { sandboxGpus } from '../src/gpus.ts'
import { outcomesText } from '../src/print-report.ts'
import { readProgramConfig } from '../src/program-config.ts'
import { runSandbox } from '../src/sandbox.ts'

describe('what happened', () => {
  it('counts what the budget let through and what it refused, not what was decided', { timeout: 60_000 }, async () => {
    const free = await runSandbox({ gpus: sandboxGpus, days: 1, seed: 7, policy: 'expected-income' })
    const { list = {}, reprice = {} } = free.decisions
    const decided = [...Object.values(list), ...Object.values(reprice)].reduce((sum, n) => sum + n, 0)
    expect(Object.values(free.outcomes).reduce((sum, n) => sum + n, 0)).toBe(decided)
    expect(free.outcomes['list: done']).toBe(2)

    const config = await readProgramConfig(undefined)
    const none = { ...config, limits: { ...config.limits, dailyLoss: 0 } }
    const refused = await runSandbox({ gpus: sandboxGpus, config: none, days: 1, seed: 7, policy: 'expected-income' })
    expect(Object.keys(refused.outcomes)).toEqual(['list: refused (LIMIT_EXCEEDED)'])
    expect(outcomesText(refused.outcomes)).toContain('list: refused (LIMIT_EXCEEDED)')
  })
})
