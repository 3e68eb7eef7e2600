/**
 * Runs benchmarks and prints their figures as JSON: `npm run bench`, or `npm run bench -- NAME…` for some of them. Figures are ratios against
 * a baseline of the same run wherever a machine's speed would otherwise decide.
 */
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import type { BenchResult } from './bench-result.ts'

const notBenches = new Set(['main.ts', 'bench-result.ts'])
const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts') && !notBenches.has(file))
  .map(file => file.slice(0, -3))
const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !names.includes(name))
if (unknown.length > 0) {
  console.error(`no benchmark is named ${unknown.join(', ')}; known: ${names.join(', ')}`)
  process.exit(2)
}

const results: Record<string, readonly BenchResult[]> = {}
for (const name of wanted.length > 0 ? wanted : names) {
  const bench = (await import(`./${name}.ts`)) as { run(): Promise<readonly BenchResult[]> }
  console.error(`${name} …`)
  results[name] = await bench.run()
}
console.log(JSON.stringify({ node: process.version, cpus: cpus().length, results }, null, 2))
