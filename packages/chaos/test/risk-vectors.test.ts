import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runVector } from '../src/risk-vectors/run-vector.ts'

const data = join(import.meta.dirname, '../../../../shared/data')
const folder = mkdtempSync(join(tmpdir(), 'risk-vectors-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the shared budget, against the recorded vectors', () => {
  for (const name of ['budget-vectors', 'protection-vectors']) {
    const isThere = existsSync(join(data, name))
    it.skipIf(!isThere)(
      `does what every file of ../shared/data/${name} says, also when restarted at every step`,
      async () => {
        const files = readdirSync(join(data, name)).filter(file => file.endsWith('.json'))
        expect(files.length).toBeGreaterThan(0)
        for (const file of files)
          for (const restarts of [false, true]) {
            const vector: unknown = JSON.parse(readFileSync(join(data, name, file), 'utf8'))
            expect(await runVector(vector, { folder, restarts }), file).toEqual([])
          }
      },
    )
  }
})

const spend = { op: 'spend', id: 'a', amount: 7, result: 'ok' }
const budget = (limit: number | null, ...steps: readonly object[]) => ({ limit, steps })

describe('a budget vector', () => {
  const problemsOf = (vector: unknown) => runVector(vector, { folder, restarts: false })

  it('fails where the answer differs', async () => {
    expect(await problemsOf(budget(5, spend))).toEqual(['step 1 (spend): a: expected ok, was exceeds_limit '])
  })

  it('fails where the figures differ', async () => {
    const [problem] = await problemsOf(budget(10, spend, { op: 'expect', reserved: 0, committed: 6 }))
    expect(problem).toBe('step 2 (expect): expected reserved 0, committed 6; was 0, 7')
  })

  it('cuts to what is free, down to nothing, and knows the cut operation again', async () => {
    const upTo = { op: 'reserve', mode: 'up_to', ttl: 60 }
    expect(
      await problemsOf(
        budget(
          10,
          spend,
          { ...upTo, id: 'b', amount: 5, result: 'ok', recorded: 3 },
          { ...upTo, id: 'c', amount: 5, result: 'ok', recorded: 0 },
          { ...upTo, id: 'b', amount: 3, result: 'exists' },
          { ...upTo, id: 'b', amount: 2, result: 'exists_with_different_amount' },
          { op: 'expect', reserved: 3, committed: 7 },
          { op: 'tick', seconds: 60 },
          { op: 'expect', reserved: 0, committed: 7 },
          { op: 'commit', id: 'd', of: 'b', amount: 'all', result: 'expired' },
        ),
      ),
    ).toEqual([])
  })

  it.each([
    { amount: -5 },
    { amount: 1.5 },
    { amount: 'five' },
    { amount: null },
    { amount: 5, id: undefined },
    { amount: 5, id: 7 },
    { amount: 5, op: 'transfer' },
    { amount: 5, op: 'reserve', ttl: -1 },
    { amount: 5, op: 'reserve', mode: 'at_least' },
    { amount: 5, op: 'commit' },
  ])('may hold a malformed request, whatever is wrong with it: %j', async wrong => {
    const malformed = { ...spend, ...wrong, invalid: 'malformed', result: 'invalid' }
    const group = {
      op: 'group',
      ops: [
        { ...spend, result: 'group_failed' },
        { ...malformed, id: 'b' },
      ],
    }
    const nothing = { op: 'expect', reserved: 0, committed: 0 }
    expect(await problemsOf(budget(10, malformed, group, nothing, spend))).toEqual([])
    expect(await problemsOf(budget(10, { ...malformed, result: 'ok' }))).toHaveLength(1)
  })

  it('undoes a group whose last operation does not fit, and burns the id of that one alone', async () => {
    const group = (...ops: readonly object[]) => ({ op: 'group', ops })
    expect(
      await problemsOf({
        limit: 10,
        initial: { reserved: 2, committed: 1 },
        steps: [
          group(
            { op: 'reserve', id: 'r', amount: 4, result: 'group_failed' },
            { op: 'commit', id: 'c', of: 'r', amount: 3, result: 'group_failed' },
            { op: 'spend', id: 's', amount: 5, result: 'exceeds_limit' },
          ),
          { op: 'expect', reserved: 2, committed: 1 },
          { op: 'spend', id: 's', amount: 1, result: 'id_already_failed' },
          group(
            { op: 'reserve', id: 'r', amount: 4, result: 'ok' },
            { op: 'commit', id: 'c', of: 'r', amount: 3, result: 'ok' },
            { op: 'spend', id: 't', amount: 4, result: 'ok' },
          ),
          { op: 'expect', reserved: 2, committed: 8 },
        ],
      }),
    ).toEqual([])
  })
})

describe('a protection vector', () => {
  const trade = (pair: string, closeAgo: number, profitRate: number, more: object = {}) => ({
    trade: { pair, exit: 'stop_loss', openAgo: closeAgo + 10, closeAgo, profitRate, ...more },
  })
  const problemsOf = (protection: object, ...steps: readonly object[]) =>
    runVector({ protection, steps }, { folder, restarts: true })

  it('locks until a clock time of a zone, rounded up to the next bar', async () => {
    const at = (now: string, pairLocked: boolean) => [
      { now },
      { check: { global: false, pair: 'XRP/BTC', pairLocked } },
    ]
    expect(
      await problemsOf(
        { kind: 'cooldown', unlockAt: '05:00', zone: 'UTC' },
        { now: '2024-05-02T00:30:00Z' },
        trade('XRP/BTC', 10, 0.9),
        ...at('2024-05-02T00:30:00Z', true),
        ...at('2024-05-02T05:04:00Z', true),
        ...at('2024-05-02T05:05:00Z', false),
      ),
    ).toEqual([])
  })

  it('adds up the ratios of one side for a lock of that side', async () => {
    const check = (side: string, pairLocked: boolean) => ({
      check: { global: false, pair: 'XRP/BTC', side, pairLocked },
    })
    expect(
      await problemsOf(
        { kind: 'low-profit', lookbackMin: 400, stopMin: 60, tradeLimit: 2, requiredProfit: 0, onlyPerSide: true },
        trade('XRP/BTC', 120, 0.9),
        check('long', false),
        trade('XRP/BTC', 20, 1.15, { short: true }),
        check('long', true),
        check('short', false),
      ),
    ).toEqual([])
  })

  it('fails where a lock was expected', async () => {
    const steps = [trade('A/B', 10, 1.1), { check: { global: true } }]
    expect(await problemsOf({ kind: 'stoploss-guard', tradeLimit: 1 }, ...steps)).toEqual([
      'step 2: expected global true, was false',
    ])
  })
})
