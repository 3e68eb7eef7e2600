import { describe, expect, it } from 'vitest'
import { EngineEventBus } from './event-bus.ts'

function busWorld() {
  const errors: unknown[] = []
  const heard: string[] = []
  const bus = new EngineEventBus(error => errors.push(error))
  return { bus, errors, heard, hear: (name: string) => () => void heard.push(name) }
}

describe('the event bus', () => {
  it('tells listeners in the order in which they came, until they leave', () => {
    const { bus, heard, hear } = busWorld()
    const [a, b] = [hear('a'), hear('b')]
    bus.on('engine-started', a)
    bus.on('engine-started', b)
    bus.announce('engine-started', { at: 1 })
    bus.off('engine-started', a)
    bus.announce('engine-started', { at: 2 })
    expect(heard).toEqual(['a', 'b', 'b'])
  })

  it('tells a listener of once once, also one that listens for ever as well', () => {
    const { bus, heard, hear } = busWorld()
    const both = hear('both')
    bus.once('engine-started', hear('once'))
    bus.on('engine-started', both)
    bus.once('engine-started', both)
    for (let at = 0; at < 3; at++) bus.announce('engine-started', { at })
    expect(heard).toEqual(['once', 'both', 'both', 'both', 'both'])
  })

  it('reports what a listener throws or rejects with, and goes on', async () => {
    const { bus, errors, heard, hear } = busWorld()
    bus.on('engine-started', () => {
      throw new Error('thrown')
    })
    bus.on('engine-started', async () => {
      throw new Error('rejected')
    })
    bus.on('engine-started', hear('last'))
    bus.announce('engine-started', { at: 1 })
    await Promise.resolve()
    expect(errors).toEqual([new Error('thrown'), new Error('rejected')])
    expect(heard).toEqual(['last'])
  })
})
