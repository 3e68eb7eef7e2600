import { describe, expect, it } from 'vitest'
import { endpoint } from './endpoint.ts'
import { errorFromFailure } from './error-from-failure.ts'

const context = { origin: 'https://vast.example', signal: undefined, timeoutMs: 60_000 }
const system = (code: string, syscall: string) => Object.assign(new Error(`${syscall} ${code}`), { code, syscall })
const create = endpoint('PUT', '/asks/{}/', 'once')

describe('a failure of the network', () => {
  it.each([
    system('ECONNREFUSED', 'connect'),
    system('EHOSTUNREACH', 'connect'),
    system('ENOTFOUND', 'getaddrinfo'),
    Object.assign(new AggregateError([system('ENETUNREACH', 'connect')]), { code: 'ENETUNREACH' }),
    new TypeError('failed', { cause: system('ECONNREFUSED', 'connect') }),
    Object.assign(new Error('slow'), { code: 'UND_ERR_CONNECT_TIMEOUT' }),
  ])('%s while connecting: nothing was sent, so that it may be tried again', failure => {
    expect(errorFromFailure(create, failure, context)).toMatchObject({ effect: 'none', retryable: true })
  })

  it.each([
    system('ECONNRESET', 'read'),
    system('EPIPE', 'write'),
    // A route that goes away under a connection that stands says so while the answer is awaited.
    system('EHOSTUNREACH', 'read'),
    system('ENETUNREACH', 'write'),
    Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }),
    Object.assign(new Error('slow'), { code: 'UND_ERR_HEADERS_TIMEOUT' }),
    'a text',
  ])('%s afterwards: whether something was rented is not known, and it is not repeated', failure => {
    expect(errorFromFailure(create, failure, context)).toMatchObject({ effect: 'unknown', retryable: false })
  })
})
