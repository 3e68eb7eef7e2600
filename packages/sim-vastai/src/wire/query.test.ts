import { describe, expect, it } from 'vitest'
import { parseQuery, queryFlag, queryNumber, queryObject } from './query.ts'

describe('a query string', () => {
  it('is decoded, plus signs and percent signs', () => {
    expect(Object.fromEntries(parseQuery('a=1&b=x+y%20z&c=%7B%22d%22%3A1%7D&e&f='))).toEqual({
      a: '1',
      b: 'x y z',
      c: '{"d":1}',
      e: '',
      f: '',
    })
    expect(() => parseQuery('a=%zz')).toThrow(/percent encoding/)
  })

  it('holds numbers, flags and objects as JSON text', () => {
    const query = parseQuery('n=20454.0&none=null&yes=True&one=1&no=false&o=%7B%22a%22%3A1%7D&list=[]')
    expect([queryNumber(query, 'n'), queryNumber(query, 'none'), queryNumber(query, 'absent')]).toEqual([
      20_454,
      undefined,
      undefined,
    ])
    expect(['yes', 'one', 'no', 'absent'].map(key => queryFlag(query, key))).toEqual([true, true, false, false])
    expect([queryObject(query, 'o'), queryObject(query, 'none')]).toEqual([{ a: 1 }, {}])
    expect(() => queryNumber(query, 'yes')).toThrow(/Invalid yes/)
    expect(() => queryObject(query, 'list')).toThrow(/Invalid list/)
  })
})
