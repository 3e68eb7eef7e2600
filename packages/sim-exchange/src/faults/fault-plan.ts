import { type Random, seededRandom } from '@org/core'
import type { Fault } from './fault.ts'

const FAULTS_MAX = 100

/** A fault in force. */
export interface PlannedFault {
  readonly id: number
  readonly fault: Fault
  /** Requests it has hit. */
  readonly hits: number
}

interface Entry {
  readonly id: number
  readonly fault: Fault
  readonly pattern: RegExp | undefined
  hits: number
  seen: number
  /** For stale rows: answers by request. */
  readonly remembered: Map<string, string>
}

/** A fault that hits the request at hand. */
export interface Hit {
  readonly fault: Fault
  readonly remembered: Map<string, string>
}

const nothing: readonly Hit[] = []

/** Which requests fail, and how. Draws its chances from the seed alone. */
export class FaultPlan {
  readonly #random: Random
  readonly #entries: Entry[] = []
  #lastId = 0

  constructor(seed: number, faults: readonly Fault[] = []) {
    this.#random = seededRandom(seed ^ 0x5bd1e995)
    for (const fault of faults) this.add(fault)
  }

  /** Puts a fault in force and returns its id. At most {@link FAULTS_MAX}; the oldest goes first. */
  add(fault: Fault): number {
    const id = ++this.#lastId
    if (this.#entries.length >= FAULTS_MAX) this.#entries.shift()
    const pattern = fault.path === undefined ? undefined : globPattern(fault.path)
    this.#entries.push({ id, fault, pattern, hits: 0, seen: 0, remembered: new Map() })
    return id
  }

  /** False when there is no such fault any more. */
  remove(id: number): boolean {
    const index = this.#entries.findIndex(entry => entry.id === id)
    if (index !== -1) this.#entries.splice(index, 1)
    return index !== -1
  }

  clear(): void {
    this.#entries.length = 0
  }

  get faults(): readonly PlannedFault[] {
    return this.#entries.map(({ id, fault, hits }) => ({ id, fault, hits }))
  }

  /** The faults that hit this request; counts them. */
  take(method: string, path: string): readonly Hit[] {
    if (this.#entries.length === 0) return nothing
    const hits: Hit[] = []
    for (const entry of [...this.#entries]) {
      const { fault } = entry
      if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue
      if (entry.pattern !== undefined && !entry.pattern.test(path)) continue
      if (entry.seen++ < (fault.skip ?? 0)) continue
      if (fault.probability !== undefined && this.#random.next() >= fault.probability) continue
      entry.hits++
      if (fault.count !== undefined && entry.hits >= fault.count) this.remove(entry.id)
      hits.push({ fault, remembered: entry.remembered })
    }
    return hits
  }
}

function globPattern(glob: string): RegExp {
  const parts = (glob.endsWith('/') && glob.length > 1 ? glob.slice(0, -1) : glob).split('*')
  return new RegExp(`^${parts.map(part => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`)
}
