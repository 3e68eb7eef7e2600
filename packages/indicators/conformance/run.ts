/** Compares the indicators with files of expected values: `npm run -s indicators:reference -- DIR`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkFolder } from './check-folder.ts'

// npm runs scripts in the package's folder; a path means the caller's.
const folder = resolve(process.env['INIT_CWD'] ?? '.', process.argv[2] ?? '../shared/data/lean-indicators')
if (!existsSync(folder)) {
  console.error(`expected a folder of reference files, ${process.argv[2] ?? folder} does not exist`)
  process.exit(2)
}
const lines = checkFolder(folder)
for (const { ok, text } of lines) console.log(`${ok === undefined ? '        ' : ok ? 'ok      ' : 'FAILED  '}${text}`)
const failed = lines.filter(({ ok }) => ok === false).length
console.log(`${lines.filter(({ ok }) => ok === true).length} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
