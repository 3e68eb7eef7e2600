import { AutomationError, memoryStore, type Store } from '@org/core'
import { describe, expect, it } from 'vitest'
import { startRig } from './optimizer-rig.ts'

const scanMs = 300_000

/** A memory store whose commits fail while `isDown`; the first failed one comes to life with the next, where that was asked for. */
function failingStore(comesToLife: boolean) {
  const inner = memoryStore()
  const fate = { isDown: false }
  let late: (() => Promise<unknown>) | undefined
  const commit: Store['commit'] = async decide => {
    if (fate.isDown) {
      if (comesToLife) late ??= () => inner.commit(decide)
      throw new AutomationError({ code: 'STORE_UNAVAILABLE', message: 'the disk failed', effect: 'unknown' })
    }
    await late?.()
    late = undefined
    return inner.commit(decide)
  }
  const store = new Proxy(inner, {
    get(target, name) {
      if (name === 'commit') return commit
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { store, fate }
}

describe('a booking that fails', () => {
  it.each([
    ['never was written', false],
    ['was written after all', true],
  ])('is neither lost nor doubled: it %s', async (_, comesToLife) => {
    const costs: number[] = []
    for (const fails of [false, true]) {
      const { store, fate } = failingStore(comesToLife)
      const { optimizer, clock, risk } = await startRig({ store })
      for (let scan = 0; scan < 6; scan++) {
        fate.isDown = fails && scan === 3
        await optimizer.findOpportunities().catch(() => [])
        clock.jumpTo(clock.now() + scanMs)
      }
      await optimizer.findOpportunities()
      costs.push(risk.remaining('max_operating_cost').used)
      expect(optimizer.kpis().operatingCost).toBeCloseTo(costs.at(-1) as number, 6)
    }
    expect(costs[0]).toBeGreaterThan(0)
    expect(costs[1]).toBe(costs[0])
  })
})
