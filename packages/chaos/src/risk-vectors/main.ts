/**
 * Runs files of the forms of `../shared/data/budget-vectors` and `protection-vectors` against the shared budget on a SQLite file, each once
 * as it is and once with a restart between any two steps: `npm run -s risk:vectors -- DIR…`. Ends with `N passed, N failed`; exit code 1
 * if any failed.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { runVector } from './run-vector.ts'

const paths = process.argv.slice(2).map(path => resolve(process.env['INIT_CWD'] ?? '.', path))
if (paths.length === 0) {
  console.error('expected folders or files with vectors: npm run -s risk:vectors -- DIR…')
  process.exit(2)
}

const files = paths.flatMap(path =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .filter(name => name.endsWith('.json'))
        .sort()
        .map(name => join(path, name))
    : [path],
)
const folder = mkdtempSync(join(tmpdir(), 'risk-vectors-'))
let passed = 0
let failed = 0
try {
  for (const file of files)
    for (const restarts of [false, true]) {
      const problems = await runVector(JSON.parse(readFileSync(file, 'utf8')), { folder, restarts })
      if (problems.length === 0) passed++
      else failed++
      for (const problem of problems) console.log(`${file}${restarts ? ', with restarts' : ''}: ${problem}`)
    }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (files.length === 0) failed++
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
