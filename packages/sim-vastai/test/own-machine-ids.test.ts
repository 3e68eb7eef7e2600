import { VirtualClock } from '@org/core'
import { expect, it } from 'vitest'
import { startVastAiSimulator } from '../src/index.ts'

it('a host’s machine keeps its id, also where a competitor would have had it', async () => {
  const model = 'RTX_A6000'
  const options = { clock: new VirtualClock(), seed: 7, models: [model] }
  await using empty = await startVastAiSimulator({ ...options, machines: [] })
  const taken = empty.world.machines()[3]?.id ?? 0
  await using simulator = await startVastAiSimulator({ ...options, machines: [{ id: taken, model, gpuCount: 2 }] })
  expect(simulator.world.machine(taken)).toMatchObject({ hostId: simulator.hostId, gpuCount: 2 })
  expect(simulator.world.machines()).toHaveLength(empty.world.machines().length + 1)
})
