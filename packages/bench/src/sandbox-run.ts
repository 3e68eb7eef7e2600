import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { BenchResult } from './bench-result.ts'

const root = resolve(import.meta.dirname, '../../..')

/**
 * What `npm start` runs, as a whole process from a built tree: seconds and peak memory for 30 days, and how memory grows when the days are four
 * times as many.
 */
export async function run(): Promise<readonly BenchResult[]> {
  const month = await measure(30)
  const fourMonths = await measure(120)
  return [
    { name: '30 days, whole process', value: month.seconds, unit: 's', limit: 30 },
    { name: '30 days, peak memory', value: month.peakMb, unit: 'MB', limit: 300 },
    {
      name: 'peak memory of 120 days against 30',
      value: fourMonths.peakMb / month.peakMb,
      unit: 'x',
      limit: 1.25,
      note: 'memory does not grow with days',
    },
  ]
}

/** Peak memory as the operating system counts it (`VmHWM`), read by the process itself at its end. */
async function measure(days: number): Promise<{ readonly seconds: number; readonly peakMb: number }> {
  const probe = 'data:text/javascript,process.on("exit",()=>console.log("peak-kb",process.resourceUsage().maxRSS))'
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-run-'))
  const args = [...startArgs(), '--days', String(days), '--data', folder]
  try {
    const startedMs = performance.now()
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', probe, ...args], {
      cwd: root,
      env: { ...process.env, VAST_AI_API_KEY: '' },
    })
    const peakKb = Number(/peak-kb (\d+)/.exec(stdout)?.[1])
    return { seconds: (performance.now() - startedMs) / 1000, peakMb: peakKb / 1024 }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The arguments of the `start` script, with what was built instead of the sources. */
function startArgs(): string[] {
  if (!existsSync(join(root, 'packages/core/dist/index.js'))) throw new Error('nothing is built: npm run build first')
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter(word => word !== 'node' && !word.startsWith('--conditions'))
}
