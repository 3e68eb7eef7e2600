import { readFileSync, writeFileSync } from 'node:fs'
import type { Fault } from '@org/sim-vastai'
import { parseInstanceLabel, VastAiClient } from '@org/venue-vastai'
import { startChild } from './child.ts'
import type { Rentals } from './judge-books.ts'

/** A running simulator and its own books. */
export interface SimulatorBooks extends AsyncDisposable {
  readonly url: string
  readonly renterKey: string
  plan(faults: readonly Fault[]): Promise<void>
  /**
   * Resolves when requests of processes that were killed have been carried out or are lost: who asks the market earlier would hear "not
   * done" of what it is about to do.
   */
  quiet(): Promise<void>
  /** What was rented since the last {@link clear}. From now on nothing goes wrong any more. */
  read(): Promise<Rentals>
  /** Ends all rentals: the next round starts from nothing. */
  clear(): Promise<void>
}

/** A market with some hundred machines to rent, four times what the budget pays for; the same in all rounds. */
const marketSeed = 1

/** @param bookFile Where the simulator writes each rental down. */
export async function startSimulator(bookFile: string): Promise<SimulatorBooks> {
  writeFileSync(bookFile, '')
  const child = startChild(new URL('./simulator-process.ts', import.meta.url), [String(marketSeed), bookFile], {
    lifeMsMax: 2 ** 31 - 1,
  })
  const line = await child.firstLine
  if (line === undefined) throw new Error(`the simulator did not start: ${(await child.ended).errors}`)
  const { url, renterKey } = JSON.parse(line) as { url: string; renterKey: string }
  const client = new VastAiClient({ apiKey: renterKey, baseUrl: url, spacing: 'off' })

  const control = async (method: 'POST' | 'DELETE', body?: Fault) => {
    const answer = await fetch(`${url}/__sim__/faults`, { method, ...(body && { body: JSON.stringify(body) }) })
    if (!answer.ok) throw new Error(`the simulator refused a fault: ${await answer.text()}`)
  }
  return {
    url,
    renterKey,
    async plan(faults) {
      for (const fault of faults) await control('POST', fault)
    },
    async quiet() {
      // Whatever lay in its sockets is taken up before a later request is answered.
      for (let i = 0; i < 2; i++) await (await fetch(`${url}/__sim__/faults`)).text()
    },
    async read() {
      await control('DELETE')
      const alive = await client.instances.list()
      return { created: rentalsIn(readFileSync(bookFile, 'utf8')), aliveIds: alive.map(({ id }) => id) }
    },
    async clear() {
      for (const { id } of await client.instances.list()) await client.instances.destroy(id)
      writeFileSync(bookFile, '')
    },
    async [Symbol.asyncDispose]() {
      await client.close()
      child.process.kill('SIGKILL')
      await child.ended
    },
  }
}

function rentalsIn(book: string): Rentals['created'] {
  return book
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [id, ...label] = line.split(' ')
      return { instanceId: Number(id), key: parseInstanceLabel(label.join(' ')).idempotencyKey ?? 'none' }
    })
}
