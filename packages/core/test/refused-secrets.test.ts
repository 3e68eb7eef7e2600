import { describe, expect, it } from 'vitest'
import type { IntentId } from '../src/index.ts'
import { buyIntent, lemonWorld } from './lemon-world.ts'

const secret = 'hunter2hunter2'
const params = { boxes: 1, env: { HF_TOKEN: secret }, run: `curl -H "Authorization: Bearer ${secret}"` }

describe('the record of a refusal', () => {
  it('holds no secret of parameters that nobody has checked, and the rest of them', async () => {
    const { gate, clock, facts } = lemonWorld()
    expect(await gate.submit(buyIntent(clock, { params }))).toMatchObject({ status: 'rejected' })
    expect(await facts()).toMatchObject([{ intent: { params: { boxes: 1, env: { HF_TOKEN: '[secret]' } } } }])
    expect(JSON.stringify(await facts())).not.toContain(secret)
  })

  it('nor do those of a group, whichever of it was wrong', async () => {
    const { gate, clock, facts } = lemonWorld()
    const wrong = buyIntent(clock, { params })
    await gate.submitGroup([buyIntent(clock, { id: 'box-0' as IntentId, action: 'eat' }), wrong])
    expect(await facts()).toHaveLength(2)
    expect(JSON.stringify(await facts())).not.toContain(secret)
  })

  it('is made of parameters that cannot be read, too', async () => {
    const { gate, clock, facts } = lemonWorld()
    const trap = Object.defineProperty({ note: secret }, 'boxes', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    expect(await gate.submit(buyIntent(clock, { params: trap, venueId: 'moon' }))).toMatchObject({
      rejection: { code: 'UNKNOWN_VENUE' },
    })
    expect(await facts()).toHaveLength(1)
    expect(JSON.stringify(await facts())).not.toContain(secret)
  })
})
