import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from './redact.ts'

describe('redact', () => {
  it('leaves out values by the name of their field, whatever its case, dashes and underscores', () => {
    const names = ['apiKey', 'api_key', 'API-KEY', 'vastApiKey', 'Authorization', 'password', 'secret', 'webhookSecret']
    const more = ['token', 'access_token', 'privateKey', 'set-cookie', 'passphrase', 'mnemonic', 'credentials']
    for (const name of [...names, ...more]) expect(redact({ [name]: 'x' })).toEqual({ [name]: '[secret]' })
  })

  it('leaves ordinary fields as they are', () => {
    const fields = { tokenCount: 3, keyboard: 'qwerty', secretary: 'Ann', at: 1, ok: true, none: null }
    expect(redact(fields)).toEqual(fields)
  })

  it('finds a secret at any depth, in lists, maps of headers, errors and their causes', () => {
    const secret = 'hunter2hunter2'
    const wrap = fc.constantFrom(
      (inner: unknown) => ({ inner }),
      (inner: unknown) => [1, inner],
      (inner: unknown) => new Error('failed', { cause: inner }),
      (inner: unknown) => Object.assign(new Error('failed'), { response: inner }),
      (inner: unknown) => ({ toJSON: () => ({ inner }) }),
    )
    fc.assert(
      fc.property(fc.array(wrap, { maxLength: 12 }), wraps => {
        const fields = { fields: wraps.reduce<unknown>((inner, f) => f(inner), { headers: { authorization: secret } }) }
        expect(JSON.stringify(redact(fields))).not.toContain(secret)
      }),
    )
  })

  it('cuts what looks like a key out of any text', () => {
    expect(redact({ url: 'https://x/?api_key=3f9a1c77d2&limit=5', line: 'Bearer 3f9a1c77d2' })).toEqual({
      url: 'https://x/?api_key=[secret]&limit=5',
      line: 'Bearer [secret]',
    })
  })

  it('goes eight levels deep and says where it stopped', () => {
    const nested = (levels: number): object => (levels === 0 ? { end: true } : { in: nested(levels - 1) })
    expect(JSON.stringify(redact(nested(7)))).toContain('{"end":true}')
    expect(JSON.stringify(redact(nested(8)))).toContain('{"in":"[deep]"}')
  })

  it('survives loops, getters that throw and binary data', () => {
    const loop: Record<string, unknown> = { name: 'loop' }
    loop['self'] = loop
    expect(redact(loop)).toEqual({ name: 'loop', self: '[circular]' })
    const trap = Object.defineProperty({}, 'trap', {
      enumerable: true,
      get() {
        throw new Error('no')
      },
    })
    expect(redact(trap)).toEqual({ fields: '[not loggable]' })
    expect(redact({ body: new Uint8Array(9) })).toEqual({ body: '[binary]' })
  })
})
