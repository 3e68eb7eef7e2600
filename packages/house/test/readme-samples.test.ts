import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { importsOf, root, sources } from '../src/sources.ts'

const run = promisify(execFile)

/** Blocks of TypeScript in the packages' READMEs that are whole: they import what they use, and nothing of the reader's. */
function wholeSamples(): { readonly name: string; readonly code: string }[] {
  return sources('packages', 'README.md').flatMap(({ path, text }) =>
    [...text.matchAll(/```ts\n([\s\S]*?)```/g)]
      .map((match, i) => ({
        name: `${basename(path.replace('/README.md', ''))}-${i + 1}.ts`,
        code: match[1] as string,
      }))
      .filter(({ code }) => importsOf(code).some(specifier => specifier.startsWith('@org/')))
      .filter(({ code }) => !importsOf(code).some(specifier => specifier.startsWith('.'))),
  )
}

it('every whole sample in a README compiles', { timeout: 60_000 }, async () => {
  const samples = wholeSamples()
  expect(samples.length).toBeGreaterThanOrEqual(3)
  // Below the root, so that packages resolve as they do here.
  const folder = join(root, 'node_modules/.cache', `readme-samples-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    for (const { name, code } of samples) writeFileSync(join(folder, name), code)
    const config = {
      extends: join(relative(folder, root), 'tsconfig.base.json'),
      compilerOptions: { noUnusedLocals: false },
      include: ['.'],
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const problems = await run(process.execPath, [tsc, '-p', folder]).then(
      () => '',
      (error: { stdout?: string }) => error.stdout ?? String(error),
    )
    expect(problems).toBe('')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
