import { describe, expect, it } from 'vitest'
import { DUPLICATE_WINDOW_MS, type LoggedRequest, RequestLog, withoutSecrets } from './request-log.ts'

const request = (number: number, isChanging: boolean): LoggedRequest => ({
  number,
  atMs: number,
  method: isChanging ? 'PUT' : 'GET',
  path: '/x',
  query: {},
  body: null,
  status: 200,
  accountId: 1,
  isChanging,
})

const create = (
  atMs: number,
  change: { readonly accountId?: number; readonly path?: string; readonly label?: string },
) => ({
  number: atMs,
  atMs,
  accountId: change.accountId ?? 1,
  path: change.path ?? '/asks/1',
  body: { image: 'a', label: change.label ?? 'x', image_login: 'user password' },
  instanceIds: [atMs],
})

describe('RequestLog', () => {
  it('keeps the last requests and counts all', () => {
    const log = new RequestLog(3)
    for (let i = 1; i <= 5; i++) log.add(request(i, i % 2 === 0), i % 2 === 0 ? 'PUT /x' : 'GET /x')
    expect(log.requests.map(({ number }) => number)).toEqual([3, 4, 5])
    expect([log.count, log.changingCount]).toEqual([5, 2])
    expect(log.countByEndpoint).toEqual({ 'GET /x': 3, 'PUT /x': 2 })
  })

  it('takes for a duplicate what the same account sent to the same path with the same body moments ago', () => {
    const log = new RequestLog(1)
    log.addCreate(create(0, {}))
    log.addCreate(create(1, { accountId: 2 }))
    log.addCreate(create(2, { path: '/asks/2' }))
    log.addCreate(create(3, { label: 'y' }))
    expect(log.duplicateCreates).toEqual([])
    log.addCreate(create(DUPLICATE_WINDOW_MS, {}))
    expect(log.duplicateCreates).toEqual([
      {
        firstNumber: 0,
        number: DUPLICATE_WINDOW_MS,
        atMs: DUPLICATE_WINDOW_MS,
        path: '/asks/1',
        body: { image: 'a', label: 'x', image_login: '[secret]' },
        instanceIds: [DUPLICATE_WINDOW_MS],
      },
    ])
  })

  it('forgets a create after the window', () => {
    const log = new RequestLog(1)
    log.addCreate(create(0, {}))
    log.addCreate(create(DUPLICATE_WINDOW_MS + 1, {}))
    expect(log.duplicateCreates).toEqual([])
  })
})

describe('withoutSecrets', () => {
  it('hides what must not be shown, at any depth', () => {
    expect(
      withoutSecrets({ password: 'p', a: { api_key: 'k', b: 1 }, key: 'HF', value: 'v', image_login: null }),
    ).toEqual({
      password: '[secret]',
      a: { api_key: '[secret]', b: 1 },
      key: 'HF',
      value: '[secret]',
      image_login: null,
    })
  })
})
