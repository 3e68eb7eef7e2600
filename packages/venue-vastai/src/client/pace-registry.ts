import { createHash } from 'node:crypto'
import type { Clock } from '@org/core'
import { Pace } from './pace.ts'

interface Shared {
  readonly pace: Pace
  clients: number
}

const sharedByClock = new WeakMap<Clock, Map<string, Shared>>()

/** A pace that all clients of one key, server and clock in this process have in common. */
export interface PaceShare {
  readonly pace: Pace
  /** Gives the share back; the last one ends the pace. Call once. */
  release(): void
}

/** Vast.ai counts calls per key, so two clients of one key must queue in one line. The key itself is not kept. */
export function sharePace(clock: Clock, baseUrl: string, apiKey: string): PaceShare {
  let shared = sharedByClock.get(clock)
  if (shared === undefined) {
    shared = new Map()
    sharedByClock.set(clock, shared)
  }
  const name = createHash('sha256').update(`${baseUrl}\n${apiKey}`).digest('base64')
  const entry = shared.get(name) ?? { pace: new Pace(clock), clients: 0 }
  entry.clients++
  shared.set(name, entry)
  const ofClock = shared
  return {
    pace: entry.pace,
    release() {
      entry.clients--
      if (entry.clients === 0) ofClock.delete(name)
    },
  }
}
