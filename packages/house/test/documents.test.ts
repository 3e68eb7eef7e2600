import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, type Source, sources, workspaces } from '../src/sources.ts'

/** Markdown at the top, and below packages, examples, docs and .changeset. */
function documents(): Source[] {
  const top = readdirSync(root)
    .filter(name => name.endsWith('.md'))
    .map(path => ({ path, text: readFileSync(join(root, path), 'utf8') }))
  return [...top, ...['packages', 'examples', 'docs', '.changeset'].flatMap(folder => sources(folder, '.md'))]
}

/** Text without code, in which brackets mean something else. */
const prose = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')

function brokenLinks({ path, text }: Source): string[] {
  return [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(match => match[1] as string)
    .filter(target => !/^[a-z]+:|^#/.test(target))
    .filter(target => !existsSync(join(root, dirname(path), decodeURIComponent(target.replace(/#.*$/, '')))))
    .map(target => `${path} links ${target}`)
}

function unknownCommands({ path, text }: Source): string[] {
  const scriptsOf = (name: string) =>
    Object.keys(workspaces().find(({ manifest }) => manifest.name === name)?.manifest.scripts ?? {})
  const top = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  return [...text.matchAll(/npm run (?:-s )?([\w:-]+)(?: -w (@org\/[\w-]+))?/g)]
    .filter(([, script = '', workspace]) =>
      workspace === undefined ? !Object.hasOwn(top.scripts, script) : !scriptsOf(workspace).includes(script),
    )
    .map(([command]) => `${path} names ${command}`)
}

describe('every document', () => {
  it('links only files that exist', () => {
    expect(documents().flatMap(brokenLinks)).toEqual([])
  })

  it('names only commands that exist', () => {
    expect(documents().flatMap(unknownCommands)).toEqual([])
  })

  it('is read by rules that would notice', () => {
    const document = {
      path: 'docs/x.md',
      text: '[a](../README.md#more) [b](nowhere.md) `[c](code.md)` npm run -s nothing',
    }
    expect(brokenLinks(document)).toEqual(['docs/x.md links nowhere.md'])
    expect(unknownCommands(document)).toEqual(['docs/x.md names npm run -s nothing'])
  })
})

describe('docs/promises.md', () => {
  const text = readFileSync(join(root, 'docs/promises.md'), 'utf8')

  it('has the eight promises, each with tests or commands that check it', () => {
    const sections = text.split(/^## /m).slice(1)
    const promises = sections.filter(section => /^\d\. /.test(section))
    expect(promises.map(section => Number(section[0]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    for (const promise of promises) expect(promise).toMatch(/\]\([^)]*\.test\.ts\)/)
  })
})
