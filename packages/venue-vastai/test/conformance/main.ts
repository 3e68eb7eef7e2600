/**
 * Holds our requests against recorded ones: `npm run -s conformance:requests -w @org/venue-vastai -- FILE…`, files of the form of
 * cases.json beside this. The last line says how many passed and failed.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { readCases } from './case.ts'
import { startRecorder } from './recorder.ts'
import { runCase } from './run-case.ts'

// npm runs this in the package's folder; a path may be meant from there, or from where npm was called.
const files = process.argv
  .slice(2)
  .map(file => [resolve(process.env['INIT_CWD'] ?? '.', file), resolve(file)].find(existsSync) ?? resolve(file))
if (files.length === 0) files.push(resolve(import.meta.dirname, 'cases.json'))
let passed = 0
let failed = 0
await using recorder = await startRecorder()
for (const file of files) {
  for (const each of readCases(file)) {
    const verdict = await runCase(each, recorder)
    if (verdict.kind === 'passed') {
      passed++
      continue
    }
    console.log(`${verdict.kind} ${each.id}: ${verdict.why}`)
    if (verdict.kind === 'failed') {
      failed++
      console.log(`  ${each.cli}`)
    }
  }
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
