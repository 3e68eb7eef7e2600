import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { BarColumns } from '@org/backtest'

/**
 * Bars a second of backtesting.py on the same closes, in time of the processor; `undefined` where it is not installed. `BACKTESTING_PYTHON` names a
 * Python that has it (`pip install backtesting`).
 */
export function backtestingPyRate(bars: BarColumns): number | undefined {
  const python = process.env['BACKTESTING_PYTHON'] ?? 'python3'
  const script = join(import.meta.dirname, 'backtesting-py.py')
  const { status, stdout } = spawnSync(python, [script], { input: bars.close.join('\n'), encoding: 'utf8' })
  const [count, seconds] = status === 0 ? stdout.split(' ').map(Number) : []
  return count === bars.length && seconds !== undefined ? count / seconds : undefined
}
