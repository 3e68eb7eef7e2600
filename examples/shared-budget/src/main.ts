import { parseArgs } from 'node:util'
import { check } from './check.ts'
import { tellInOneProcess, tellInThreeProcesses } from './tell.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const tellings = {
  'one process': tellInOneProcess,
  'three processes on one SQLite file': tellInThreeProcesses,
}
let passed = 0
let failed = 0
for (const [name, tell] of Object.entries(tellings)) {
  console.log(`\nOne daily loss limit of $500 for three bots, told in ${name}`)
  const told = await tell({ print: line => console.log(line) })
  const checked = check(told, name)
  if (values.check) console.log(`\n${checked.lines.join('\n')}`)
  passed += checked.lines.length - checked.failed
  failed += checked.failed
}
if (values.check) console.log(`${passed} passed, ${failed} failed`)
else
  console.log(
    failed === 0
      ? '\nBoth times the same, to the millionth.'
      : `\n${failed} figures are not those of the story: see --check`,
  )
process.exitCode = failed === 0 ? 0 : 1
