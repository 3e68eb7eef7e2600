import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { accountSteps, sdkSteps } from './account-steps.ts'
import { dangerSteps } from './danger-steps.ts'
import { hostSteps } from './host-steps.ts'
import { installClient, type PythonClient, whyNoPython } from './python-client.ts'
import { renterSteps } from './renter-steps.ts'
import { Session } from './session.ts'
import { startStandalone } from './standalone-simulator.ts'
import { type Part, transcriptDocument } from './transcript.ts'

// Runs the unmodified official client (Python package `vastai`) against the simulator's command. Time stands still between
// commands and is moved by the session, so that two runs say the same. Versions run side by side, each on its own simulators.

const sessions = [
  { args: ['--seed', '7'], steps: [renterSteps, hostSteps, accountSteps] },
  { args: ['--seed', '7', '--no-rate-limits'], steps: [sdkSteps, dangerSteps] },
] as const

const { values } = parseArgs({
  options: {
    /** Repeatable, for example 1.5.2, whose requests were recorded. */
    version: { type: 'string', multiple: true, default: ['newest'] },
    /** Writes what the first version typed and read. */
    transcript: { type: 'string' },
  },
})

let passed = 0
let failed = 0
const missing = await whyNoPython()
if (missing === undefined) await runAll()
else console.log(`skipped: ${missing}, the official client cannot be installed`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function runAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sim-vastai-conformance-'))
  try {
    const runs = await Promise.all(
      values.version.map(async version => runVersion(await installClient(folder, version))),
    )
    const [first] = runs
    if (values.transcript !== undefined && failed === 0 && first !== undefined) {
      // npm runs scripts in the package's folder; a path means the caller's.
      const file = resolve(process.env['INIT_CWD'] ?? '.', values.transcript)
      await writeFile(file, transcriptDocument(first))
      console.log(`transcript: ${values.transcript}`)
    }
  } catch (error) {
    failed++
    console.error(error instanceof Error ? error.message : String(error))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runVersion(client: PythonClient): Promise<readonly Part[]> {
  const parts: Part[] = []
  for (const { args, steps } of sessions) {
    const simulator = await startStandalone(['--port', '0', '--speed', '0', ...args])
    const session = new Session(client, simulator)
    try {
      for (const step of steps) await step(session)
    } finally {
      await simulator.stop()
      passed += session.passed
      failed += session.failed
    }
    parts.push({ version: client.version, simulatorArgs: args, steps: session.passed, lines: session.transcript })
  }
  return parts
}
