import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { commandLine, writeMorning } from './command-line.ts'

const { path, run } = commandLine()
const guide = join(import.meta.dirname, '../../../docs/guides/operate.md')

/** What differs from one machine or version of the ledger to the next. */
const steady = (text: string) =>
  text
    .replace(/digest [0-9a-f]{64}/g, 'digest …')
    .replace(/[\d,]+ (bytes|MB free)/g, '… $1')
    .replace(/(node: )[\d.]+/g, '$1…')

/** A line of a shell as words; quotes hold them together. */
const wordsOf = (line: string) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')

it('the guide for operators shows what its commands print, from top to bottom', async () => {
  await writeMorning(path('bot.db'))
  const text = readFileSync(guide, 'utf8')
  let played = text
  let count = 0
  for (const [block, line] of text.matchAll(/```console\n\$ automate (.*)\n[\s\S]*?```/g)) {
    const words = wordsOf(line ?? '').map(word => (word.endsWith('.db') ? path(word) : word))
    const { out, err } = await run(words)
    played = played.replace(block, () => `\`\`\`console\n$ automate ${line}\n${steady(out + err)}\`\`\``)
    count++
  }
  expect(count).toBeGreaterThan(10)
  // UPDATE_GUIDE=1 vitest run packages/cli/test/guide; then read what has changed.
  if (process.env['UPDATE_GUIDE'] === '1') writeFileSync(guide, played)
  expect(text).toBe(played)
})
