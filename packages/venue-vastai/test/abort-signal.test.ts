import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = resolve(import.meta.dirname, '../src/client')

/** Signatures of the public methods of the client's classes that return a promise or pages, by file. */
function publicCalls(): readonly string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => {
      const text = readFileSync(resolve(folder, file), 'utf8')
      return [...text.matchAll(/\n {2}async \*?([a-z]\w*)\(([\s\S]*?)\n? {0,2}\): (?:Promise|AsyncGenerator)</g)].map(
        ([, name, parameters]) => `${file} ${name}: ${parameters}`,
      )
    })
}

describe('every call of the client', () => {
  it('takes an AbortSignal', () => {
    const calls = publicCalls().filter(call => !/ (?:close|\[Symbol)/.test(call))
    expect(calls.length).toBeGreaterThan(80)
    expect(calls.filter(call => !/options\??: (?:RequestOptions|CallOptions)/.test(call))).toEqual([])
  })
})
