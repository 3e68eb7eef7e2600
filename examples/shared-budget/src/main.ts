import { check } from './check.ts'
import { tellInOneProcess, tellInThreeProcesses } from './tell.ts'

const args = process.argv.slice(2)
const isCheck = args.includes('--check')
if (args.some(arg => arg !== '--check')) {
  console.error(`expected --check or nothing, was ${args.join(' ')}`)
  process.exit(2)
}
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
  if (isCheck) console.log(`\n${checked.lines.join('\n')}`)
  passed += checked.lines.length - checked.failed
  failed += checked.failed
}
if (isCheck) console.log(`${passed} passed, ${failed} failed`)
else
  console.log(
    failed === 0
      ? '\nBoth times the same, to the millionth.'
      : `\n${failed} figures are not those of the story: see --check`,
  )
process.exitCode = failed === 0 ? 0 : 1
