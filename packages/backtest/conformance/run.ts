/** Compares the broker and the statistics with runs of a known engine: `npm run -s backtest:reference -- DIR [--data DIR]…`. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { describeError } from '@org/core'
import { checkCase } from './check-case.ts'
import { caseIds, readCase } from './reference-case.ts'

const shownMax = 5
// npm runs scripts in the package's folder; a path means the caller's.
const from = process.env['INIT_CWD'] ?? '.'
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', multiple: true, default: [] } },
})
const folder = resolve(from, positionals[0] ?? '../shared/data/backtest-reference')
const dataFolders = values.data.map(path => resolve(from, path))
const missing = [folder, ...dataFolders].find(path => !existsSync(path))
if (missing !== undefined) {
  console.error(`expected a folder, ${missing} does not exist`)
  process.exit(2)
}

function differencesOf(id: string): string[] {
  try {
    return checkCase(folder, dataFolders, readCase(folder, id))
  } catch (error) {
    return [describeError(error)]
  }
}

let passed = 0
let failed = 0
for (const id of caseIds(folder)) {
  const differences = differencesOf(id)
  if (differences.length === 0) passed++
  else failed++
  console.log(`${differences.length === 0 ? 'ok      ' : 'FAILED  '}${id}`)
  for (const difference of differences.slice(0, shownMax)) console.log(`        ${difference}`)
  if (differences.length > shownMax) console.log(`        and ${differences.length - shownMax} more differences`)
}
if (passed + failed === 0) console.error(`no case in ${folder}`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 && passed > 0 ? 0 : 1
