import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Case, readCases } from './conformance/case.ts'
import { type Recorder, startRecorder } from './conformance/recorder.ts'
import { runCase } from './conformance/run-case.ts'

const ownFile = resolve(import.meta.dirname, 'conformance/cases.json')
const officialFile = resolve(import.meta.dirname, 'conformance/official-client.json')
const recordedFile = resolve(import.meta.dirname, '../../../../shared/conformance/vastai-requests.json')

let recorder: Recorder

beforeAll(async () => {
  recorder = await startRecorder()
})

afterAll(async () => {
  await recorder[Symbol.asyncDispose]()
})

async function check(cases: readonly Case[]): Promise<void> {
  const failures: string[] = []
  for (const each of cases) {
    const verdict = await runCase(each, recorder)
    if (verdict.kind === 'failed') failures.push(`${each.id}: ${verdict.why}`)
  }
  expect(failures).toEqual([])
}

describe('requests', () => {
  it('equal those of the official client in our own cases', async () => {
    await check(readCases(ownFile))
  })

  it('equal those of 300 command lines of the official client, none left out', async () => {
    const cases = readCases(officialFile)
    expect(cases.length).toBeGreaterThan(300)
    for (const each of cases) expect(await runCase(each, recorder), each.id).toEqual({ kind: 'passed' })
  })

  it.skipIf(!existsSync(recordedFile))('equal those of the official client in all recorded cases', async () => {
    const cases = readCases(recordedFile)
    expect(cases.length).toBeGreaterThan(50)
    await check(cases)
  })

  it('that differ in a value are told apart', async () => {
    const [first] = readCases(ownFile)
    if (first === undefined) throw new Error('no case')
    const verdict = await runCase({ ...first, body: { ...(first.body as object), limit: 6 } }, recorder)
    expect(verdict).toMatchObject({ kind: 'failed', why: expect.stringContaining('body') })
  })

  it('that our client leaves out are named with a reason', async () => {
    const [first] = readCases(ownFile)
    if (first === undefined) throw new Error('no case')
    const verdict = await runCase({ ...first, cli: 'vastai transfer credit bob@example.com 5' }, recorder)
    expect(verdict).toEqual({ kind: 'not-expressed', why: 'money is moved by hand, in the console' })
  })
})
