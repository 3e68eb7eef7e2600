import { describe, expect, it } from 'vitest'
import { json } from './answer.ts'
import type { Route } from './call.ts'
import { Router } from './router.ts'

const route = (method: Route['method'], path: string): Route => ({
  method,
  path,
  access: 'open',
  handle: () => json({}),
})
const all = route('GET', '/instances')
const one = route('GET', '/instances/:id')
const filters = route('GET', '/instances/filters')
const ssh = route('DELETE', '/instances/:id/ssh/:key')
const router = new Router([all, one, filters, ssh])

describe('Router', () => {
  it('matches with and without trailing slash', () => {
    expect(router.match('GET', '/instances')).toEqual({ route: all, params: [] })
    expect(router.match('GET', '/instances/')).toEqual({ route: all, params: [] })
  })

  it('prefers words over names and collects what names matched', () => {
    expect(router.match('GET', '/instances/filters/')).toEqual({ route: filters, params: [] })
    expect(router.match('GET', '/instances/7/')).toEqual({ route: one, params: ['7'] })
    expect(router.match('DELETE', '/instances/7/ssh/9')).toEqual({ route: ssh, params: ['7', '9'] })
  })

  it('tells a wrong method from a path that does not exist', () => {
    expect(router.match('POST', '/instances')).toEqual({ route: undefined, isKnownPath: true })
    expect(router.match('GET', '/nothing')).toEqual({ route: undefined, isKnownPath: false })
    expect(router.match('GET', '/instances/7/ssh')).toEqual({ route: undefined, isKnownPath: false })
  })
})
