import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { AutomationError, InvalidInputError, type JournalEntry, why } from '@org/core'
import { type Answer, envelope } from '../answer.ts'
import { exitCodes } from '../exit-code.ts'
import { explainIntent } from '../explain-intent.ts'
import { openStore } from '../open-store.ts'
import type { Context } from '../surroundings.ts'
import { moment, table } from '../table.ts'
import { tellFact } from '../tell-fact.ts'

/** More would be a wall of text; `journal export` gives all. */
const tailMax = 10_000

/** The newest entries, oldest first, each in a line. */
export async function tailJournal({ store: path, clock }: Context, count: string): Promise<Answer> {
  const entriesMax = Number(count)
  if (!Number.isInteger(entriesMax) || entriesMax < 1 || entriesMax > tailMax)
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `--count: expected a whole number from 1 to ${tailMax}, was ${count}`,
    })
  await using store = await openStore(path, clock)
  const entries: JournalEntry[] = []
  for await (const entry of store.journal()) {
    entries.push(entry)
    if (entries.length >= 2 * entriesMax) entries.splice(0, entriesMax)
  }
  const newest = entries.slice(-entriesMax)
  const rows = newest.map(({ seq, at, fact }) => [`${String(seq).padStart(6)}  ${moment(at)}  ${tellFact(fact)}`])
  return { data: { entries: newest }, text: table(rows) || '  the journal is empty\n' }
}

/** Reads the whole file and proves its history. */
export async function verifyJournal({ store: path, clock }: Context): Promise<Answer> {
  try {
    await using store = await openStore(path, clock)
    const report = await store.verify()
    return {
      data: { ok: true, ...report },
      text: `${report.entries} entries, each follows from the one before; digest ${report.digest}\n`,
    }
  } catch (error) {
    // Here damage is an answer.
    if (!AutomationError.isInstance(error) || error.code !== 'STORE_CORRUPT') throw error
    const { code, shortMessage } = error
    const help = `bring back a backup: automate restore FROM --set-aside --store ${path}`
    return {
      data: { ok: false, code, problem: shortMessage },
      text: `NOT SOUND: ${shortMessage}\n`,
      notes: [help],
      exitCode: exitCodes.finding,
    }
  }
}

/** The whole journal as lines of JSON, on stdout or in a new file; the lines go out as they are read. */
export async function exportJournal(context: Context, toFile?: string): Promise<Answer | undefined> {
  const { store: path, clock, out, isJson } = context
  await using store = await openStore(path, clock)
  if (toFile === undefined) {
    for await (const line of store.export()) await out(isJson ? envelope('journal export', JSON.parse(line)) : line)
    return undefined
  }
  let entries = 0
  const counted = async function* (lines: AsyncIterable<string>) {
    for await (const line of lines) {
      entries++
      yield line
    }
  }
  try {
    await pipeline(store.export(), counted, createWriteStream(toFile, { flags: 'wx' }))
  } catch (cause) {
    const { code } = cause as { code?: string }
    if (code === undefined) throw cause
    throw new InvalidInputError(
      code === 'EEXIST'
        ? { code: 'FILE_EXISTS', message: `${toFile} exists and is not overwritten: choose another name`, cause }
        : { code: 'INVALID_OPTION', message: `${toFile} cannot be written (${code})`, cause },
    )
  }
  return { data: { file: toFile, entries }, text: `${toFile}: ${entries} entries\n` }
}

/** One decision in plain words. */
export async function explain({ store: path, clock }: Context, id: string): Promise<Answer> {
  await using store = await openStore(path, clock)
  const story = await why(store, id)
  if (story !== undefined) {
    const { intent, status, steps } = story
    return { data: { intent, status, steps }, text: explainIntent(story) }
  }
  const alike = await idsLike(store.journal(), id)
  return {
    data: { intent: null, alike },
    text: '',
    notes: [
      `the journal knows no intent ${JSON.stringify(id)}${alike.length === 0 ? '' : `; the newest that contain it: ${alike.join(', ')}`}`,
      'ids are in automate journal tail and automate status',
    ],
    exitCode: exitCodes.finding,
  }
}

/** The newest ids that contain `part`, at most five. */
async function idsLike(journal: AsyncIterable<JournalEntry>, part: string): Promise<string[]> {
  const ids = new Set<string>()
  for await (const { fact } of journal) {
    if (!('intent' in fact) || !fact.intent.id.includes(part)) continue
    ids.add(fact.intent.id)
    for (const oldest of ids) if (ids.size > 5) ids.delete(oldest)
  }
  return [...ids]
}
