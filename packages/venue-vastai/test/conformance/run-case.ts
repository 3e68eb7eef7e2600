import { isDeepStrictEqual } from 'node:util'
import { VirtualClock } from '@org/core'
import { VastAiClient } from '../../src/index.ts'
import { Arguments } from './arguments.ts'
import { type Case, stepOf } from './case.ts'
import { NotExpressed } from './command.ts'
import { commands } from './commands/all.ts'
import { notExpressed } from './not-expressed.ts'
import type { Recorded, Recorder } from './recorder.ts'
import { splitLine } from './split-line.ts'

/** What became of a case. */
export type Verdict =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly why: string }
  | { readonly kind: 'not-expressed'; readonly why: string }

const apiKey = 'conformance-key'

/** Says the case's command with our client and compares what it sends with what was recorded. */
export async function runCase(each: Case, recorder: Recorder): Promise<Verdict> {
  const reason = notExpressed(each)
  if (reason !== undefined) return { kind: 'not-expressed', why: reason }
  recorder.take()
  const clock = new VirtualClock()
  const client = new VastAiClient({ apiKey, baseUrl: recorder.url, clock, spacing: 'off' })
  try {
    await clock.run(() => runCommand(each.cli, client))
  } catch (error) {
    if (error instanceof NotExpressed) return { kind: 'not-expressed', why: error.message }
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) }
  } finally {
    await client.close()
  }
  const all = recorder.take()
  const sent = all[stepOf(each)]
  if (sent === undefined) {
    const last = all.at(-1)
    if (last !== undefined && difference(each, last) === undefined)
      return { kind: 'not-expressed', why: 'the official client sends the same request again' }
    return { kind: 'failed', why: `no request number ${stepOf(each) + 1} was sent` }
  }
  const why = difference(each, sent)
  return why === undefined ? { kind: 'passed' } : { kind: 'failed', why }
}

async function runCommand(cli: string, client: VastAiClient): Promise<unknown> {
  const words = splitLine(cli)
  const program = words.findIndex(word => /(?:^|\/)(?:vastai|vast\.py)$/.test(word))
  const [verb = '', object = ''] = words.slice(program + 1)
  // Any command asks for the names of GPUs first.
  if (verb === '<any') return client.gpuNames.list()
  const two = commands[`${verb} ${object}`]
  const command = two ?? commands[verb]
  if (command === undefined) throw new Error(`the adapter does not know the command ${verb} ${object}`)
  const rest = words.slice(program + (two === undefined ? 2 : 3))
  return command.run(client, new Arguments(rest, command.options, words[program]?.endsWith('vast.py') ?? false))
}

/** The first difference, by value; `undefined` when there is none. */
function difference(each: Case, sent: Recorded): string | undefined {
  const wantsKey = each.headers?.['authorization'] !== undefined
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['method', each.method, sent.method],
    ['path', each.path, sent.path],
    ['query', byValue(each.query), byValue(sent.query)],
    ['body', each.body ?? null, sent.body],
    ['authorization', wantsKey ? `Bearer ${apiKey}` : undefined, sent.authorization],
  ]
  for (const [name, recorded, ours] of pairs)
    if (!isDeepStrictEqual(recorded, ours))
      return `${name}: recorded ${JSON.stringify(recorded)}, ours ${JSON.stringify(ours)}`
  return undefined
}

/** Several texts of a query are JSON, which differs in blanks and in how numbers are written. */
function byValue(query: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(query).map(([name, text]) => {
      try {
        return [name, JSON.parse(text)]
      } catch {
        return [name, text]
      }
    }),
  )
}
