import { describe, expect, it } from 'vitest'
import { createWorld } from './create-world.ts'
import type { Machine } from './machine.ts'

const model = 'RTX_A6000'
const common = { seed: 7, startMs: Date.UTC(2026, 6, 1), models: [model] }

/** What is drawn of a competitor, whatever its id. */
function drawn({ gpuCount, verification, hostId, geolocation }: Machine) {
  return { gpuCount, verification, hostId, geolocation }
}

describe('createWorld', () => {
  it('gives no competitor the id of a machine that is to be added, and draws the same competitors', () => {
    const plain = createWorld(common)
    const [first, second, ...others] = plain.machines()
    if (first === undefined || second === undefined) throw new Error('expected competitors')
    expect(() =>
      plain.addMachine({ id: first.id, hostId: plain.addAccount({ kind: 'host' }).id, model, gpuCount: 1 }),
    ).toThrow(/a machine id that is free/)

    const world = createWorld({ ...common, machineIds: [first.id, second.id, 61_001] })
    const competitors = world.machines()
    expect(competitors.map(drawn)).toEqual([first, second, ...others].map(drawn))
    expect(competitors.slice(2).map(({ id }) => id)).toEqual(others.map(({ id }) => id))
    const hostId = world.addAccount({ kind: 'host' }).id
    for (const id of [first.id, second.id, 61_001])
      expect(world.addMachine({ id, hostId, model, gpuCount: 1 })).toMatchObject({ id, hostId })
    expect(new Set(world.machines().map(({ id }) => id)).size).toBe(competitors.length + 3)
  })

  it('is the same world, event for event, when no id is taken', () => {
    const play = (machineIds?: readonly number[]) => {
      const world = createWorld({ ...common, ...(machineIds === undefined ? {} : { machineIds }) })
      world.advanceTo(common.startMs + 3 * 86_400_000)
      return world.digest()
    }
    expect(play([61_001, 5])).toBe(play())
  })
})
