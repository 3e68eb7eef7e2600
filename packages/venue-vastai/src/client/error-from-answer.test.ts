import { describe, expect, it } from 'vitest'
import { endpoints } from './endpoints.ts'
import { errorFromAnswer, errorFromRefusal } from './error-from-answer.ts'

const { createInstance, currentUser, getInstance, gpuMetrics, unlist, writeListing, acceptPriceIncrease, changeBid } =
  endpoints

const answer = (status: number, body: unknown) => ({
  status,
  text: typeof body === 'string' ? body : JSON.stringify(body),
})

describe('errorFromAnswer', () => {
  it.each([
    [
      currentUser,
      401,
      { success: false, error: 'auth_error', msg: 'Invalid user key' },
      'VASTAI_AUTHENTICATION',
      'set VAST_AI_API_KEY',
    ],
    [endpoints.searchOffers, 404, { msg: 'Invalid user key' }, 'VASTAI_AUTHENTICATION', 'set VAST_AI_API_KEY'],
    [currentUser, 404, { msg: 'Session expired. Please log in again.' }, 'VASTAI_AUTHENTICATION', 'Session expired'],
    [gpuMetrics, 401, { msg: 'Invalid user key' }, 'VASTAI_AUTHENTICATION', 'only keys of hosts'],
    [unlist, 403, { detail: 'forbidden' }, 'VASTAI_PERMISSION', 'permission group machine_write'],
    [currentUser, 403, '', 'VASTAI_PERMISSION', 'permission group user_read'],
    [getInstance, 403, '', 'VASTAI_PERMISSION', 'permission group instance_read'],
    [
      createInstance,
      403,
      {
        error: 'invalid_args',
        msg: 'error 403/3586: Offer 5 is not your own. Hosts can only rent their own machines.',
      },
      'VASTAI_PERMISSION',
      'only do this with machines of its own',
    ],
    [
      createInstance,
      404,
      { error: 'invalid_args', msg: 'error 404/3603: no_such_ask Instance type by id 5 is not available.' },
      'VASTAI_OFFER_GONE',
      'search again',
    ],
    [createInstance, 410, { error: 'no_such_ask', msg: 'error 410/3907' }, 'VASTAI_OFFER_GONE', 'search again'],
    [
      createInstance,
      400,
      { error: 'invalid_price', msg: 'price too low' },
      'VASTAI_INVALID_ARGUMENTS',
      'price too low',
    ],
    [createInstance, 400, { error: 'GPU conflict', msg: 'error 3763' }, 'VASTAI_REFUSED', 'error 3763'],
    [
      changeBid,
      400,
      { error: 'invalid_args', msg: 'Please set a bid price >= 0.001.' },
      'VASTAI_INVALID_ARGUMENTS',
      '>= 0.001',
    ],
    [
      writeListing,
      403,
      { error: 'not_authorized', msg: 'Only machine owner can create ask contracts' },
      'VASTAI_PERMISSION',
      'of its own',
    ],
    [unlist, 404, { msg: 'No such machine id' }, 'VASTAI_NOT_FOUND', 'No such machine id'],
    [
      acceptPriceIncrease,
      404,
      { success: false, error: 'no_pending_price_increase' },
      'VASTAI_NOT_FOUND',
      'list them again',
    ],
    [
      acceptPriceIncrease,
      409,
      { success: false, error: 'no_pending_price_increase' },
      'VASTAI_NOT_FOUND',
      'list them again',
    ],
    [unlist, 302, '', 'VASTAI_REFUSED', 'check baseUrl'],
    [unlist, 418, 'a teapot', 'VASTAI_REFUSED', 'a teapot'],
  ] as const)('reads %o', (target, status, body, code, words) => {
    const error = errorFromAnswer(target, answer(status, body))
    expect(error).toMatchObject({ code, status, endpoint: target.name, effect: 'none', retryable: false })
    expect(error.message).toContain(words)
    expect(error.message).not.toContain('\n')
  })

  it('takes trouble of the server as unknown where something may have changed, as nothing where not', () => {
    expect(errorFromAnswer(createInstance, answer(502, '<html>bad gateway</html>'))).toMatchObject({
      code: 'VASTAI_SERVER',
      effect: 'unknown',
      retryable: false,
    })
    expect(errorFromAnswer(unlist, answer(500, ''))).toMatchObject({ effect: 'unknown', retryable: true })
    expect(errorFromAnswer(currentUser, answer(503, ''))).toMatchObject({ effect: 'none', retryable: true })
  })

  it.each([
    ['API requests too frequent', undefined],
    ['API requests too frequent: endpoint threshold=4.5', 4500],
    [{ detail: 'API requests too frequent endpoint threshold=5.5' }, 5500],
    ['API requests too frequent: endpoint threshold=10 per 60 s', 6000],
    ['threshold=999999', undefined],
  ])('reads the throttle %o', (body, retryAfterMs) => {
    const error = errorFromAnswer(createInstance, answer(429, body))
    expect(error).toMatchObject({ code: 'VASTAI_RATE_LIMIT', effect: 'none', retryable: true })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })

  it("takes a proxy's retry-after, when the throttle names no interval", () => {
    const error = errorFromAnswer(currentUser, { status: 429, text: '', retryAfter: '7' })
    expect(error.retryAfterMs).toBe(7000)
  })

  it('is one line of bounded length, whatever the server says', () => {
    const error = errorFromAnswer(unlist, answer(400, { msg: `first\nsecond ${'x'.repeat(10_000)}` }))
    expect(error.message).not.toContain('\n')
    expect(error.message.length).toBeLessThan(500)
  })
})

describe('errorFromRefusal', () => {
  it('reads what comes with status 200', () => {
    const read = (body: unknown) => errorFromRefusal(unlist, JSON.stringify(body))
    expect(read({ success: false, msg: 'machine is busy' })).toMatchObject({
      code: 'VASTAI_REFUSED',
      effect: 'none',
      message: 'DELETE /machines/{}/asks/: machine is busy',
    })
    expect(read({ success: false })).toMatchObject({ code: 'VASTAI_REFUSED' })
    expect(read({ success: false, error: 'invalid_args', msg: 'bad date range' })).toMatchObject({
      code: 'VASTAI_INVALID_ARGUMENTS',
    })
    expect(read({ success: false, error: 'no_such_instance' })).toMatchObject({ code: 'VASTAI_NOT_FOUND' })
  })
})
