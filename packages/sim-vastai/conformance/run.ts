import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { accountSteps, sdkSteps } from './account-steps.ts'
import { dangerSteps } from './danger-steps.ts'
import { hostSteps } from './host-steps.ts'
import { installClient } from './python-client.ts'
import { renterSteps } from './renter-steps.ts'
import { Session } from './session.ts'
import { startStandalone } from './standalone-simulator.ts'

// Runs the unmodified official client (Python package `vastai`) against the simulator's command. Time stands still between
// commands and is moved by the session, so that two runs say the same.

const transcriptFile = fileURLToPath(new URL('../../../docs/official-cli-session.md', import.meta.url))
const { values } = parseArgs({
  options: {
    version: { type: 'string', multiple: true, default: ['newest', '1.5.2'] },
    write: { type: 'boolean', default: false },
  },
})

const folder = await mkdtemp(join(tmpdir(), 'sim-vastai-conformance-'))
let passed = 0
let failed = 0
const parts: string[] = []
try {
  for (const version of values.version) {
    const client = await installClient(folder, version)
    for (const [args, steps] of [
      [
        ['--seed', '7'],
        [renterSteps, hostSteps, accountSteps],
      ],
      [
        ['--seed', '7', '--no-rate-limits'],
        [sdkSteps, dangerSteps],
      ],
    ] as const) {
      const simulator = await startStandalone(['--port', '0', '--speed', '0', ...args])
      const session = new Session(client, simulator)
      try {
        for (const step of steps) await step(session)
      } finally {
        await simulator.stop()
      }
      passed += session.passed
      failed += session.failed
      parts.push(`## vastai ${client.version}, simulator \`--speed 0 ${args.join(' ')}\`\n${session.transcript}`)
    }
  }
} catch (error) {
  failed++
  console.error(error instanceof Error ? error.message : String(error))
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (values.write && failed === 0) await writeFile(transcriptFile, document(parts))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function document(sections: readonly string[]): string {
  return `# The official CLI against the simulator

The unmodified official client (package \`vastai\` from PyPI) drives \`@org/sim-vastai\`, started by its own command. Written by
\`npm run -s conformance:vastai-cli -- --write\`; each step's output and the state after it are checked. Long output is cut.

${passed} passed, ${failed} failed.

${sections.join('\n').replaceAll(/\n{3,}/g, '\n\n')}
`
}
