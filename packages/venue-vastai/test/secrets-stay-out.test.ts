import { createGate, DefaultRiskManager, exposure, memoryStore, silentLogger } from '@org/core'
import { describe, expect, it } from 'vitest'
import { createInstanceSchema } from '../src/actions.ts'
import { act, inMarket, intent } from './market-world.ts'

const secret = 'hunter2hunter2'
const rental = (env: Record<string, string>) => ({ offerId: 7, image: 'ubuntu:24.04', env })

describe('a secret in the environment of a rental', () => {
  it('is refused in one line that names it and says where it belongs; nothing is sent, and no record holds it', async () => {
    await inMarket(async ({ renter, clock, simulator }) => {
      const store = memoryStore()
      const risk = new DefaultRiskManager([exposure({ limit: 50 })], { clock, store })
      const gate = createGate({ venues: [renter], risk, clock, mode: 'simulated', logger: silentLogger })
      const result = await gate.submit(
        intent('create-instance', rental({ HF_TOKEN: secret }), { expiresAt: clock.now() + 60_000 }),
      )
      expect(result).toMatchObject({
        status: 'rejected',
        rejection: {
          code: 'INVALID_INTENT',
          shortMessage: expect.stringMatching(
            /env: HF_TOKEN looks like a secret.*client\.envVars\.create\("HF_TOKEN", …\)/,
          ),
        },
      })
      expect(simulator.inspect.requestCount).toBe(0)
      const written: string[] = []
      for await (const { fact } of store.journal()) written.push(JSON.stringify(fact))
      expect(written.at(-1)).toContain('intent-rejected')
      expect(JSON.stringify([result, written])).not.toContain(secret)
    })
  })

  it('is refused by the venue as well, without the gate', async () => {
    await inMarket(async ({ renter, simulator }) => {
      const failed = await act(renter, 'create-instance', rental({ AWS_SECRET_ACCESS_KEY: secret })).catch(String)
      expect(failed).toMatch(/AWS_SECRET_ACCESS_KEY looks like a secret/)
      expect(failed).not.toContain(secret)
      expect(simulator.inspect.requestCount).toBe(0)
    })
  })

  it('is told from what an environment else holds', () => {
    const env = { MAX_TOKENS: '4096', TOKENIZERS_PARALLELISM: 'false', '-p 8080:8080': '1' }
    expect(createInstanceSchema.parse(rental(env)).env).toEqual(env)
  })
})
