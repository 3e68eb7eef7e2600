import { AutomationError, dailyLoss, frequency } from '@org/core'
import { describe, expect, it } from 'vitest'
import { startRig } from '../test/optimizer-rig.ts'
import { gpusOf, guideGpu } from '../test/sample-gpu.ts'
import { sampleMachine, sampleTerms } from '../test/sample-machine.ts'
import { hourMs, sampleRate } from '../test/sample-market.ts'
import { GpuCapacityOptimizer } from './gpu-capacity-optimizer.ts'
import { fixedPrice } from './pricing/policies/fixed-price.ts'
import { idleLadder } from './pricing/policies/idle-ladder.ts'

const down = new AutomationError({ code: 'VASTAI_UNREACHABLE', message: 'Vast.ai cannot be reached', retryable: true })

describe('the optimiser', () => {
  it('lists, reprices, unlists, each change with its reasons on the intent', async () => {
    const rig = await startRig()
    const [opportunity] = await rig.optimizer.findOpportunities()
    expect(opportunity?.rationale).toMatchObject({
      reason: 'list:profitable',
      inputs: { marketMedianPerGpuHour: 0.3 },
      thresholds: { minRoi: 0.25 },
    })
    await rig.scan()
    rig.venue.rateFor = () => sampleRate({ hostMedian: 0.25, asOf: rig.clock.now() })
    await rig.scans(13)
    rig.venue.rateFor = () => sampleRate({ hostMedian: 0.17, asOf: rig.clock.now() })
    await rig.scans(13)
    expect(rig.venue.written.map(({ action, terms }) => [action, terms?.pricePerGpuHour])).toEqual([
      ['write-listing', 0.294],
      ['write-listing', 0.2646],
      ['unlist', undefined],
    ])
    expect(rig.optimizer.changes().map(({ kind }) => kind)).toEqual(['list', 'list', 'reprice', 'unlist'])
    expect(rig.optimizer.explain(61_001)).toMatchObject({ machineId: 61_001, kind: 'hold', reason: 'not-profitable' })
  })

  it('proposes nothing that it would not carry out: a price at the floor passes', async () => {
    const rig = await startRig({ policy: fixedPrice(0.174) })
    const [opportunity] = await rig.optimizer.findOpportunities()
    expect(opportunity).toBeDefined()
    if (opportunity !== undefined) expect(await rig.optimizer.validateOpportunity(opportunity)).toBe(true)
  })

  it('reserves what an idle machine costs until the next review, and one count', async () => {
    const rig = await startRig({ gpus: gpusOf(61_001, 2), machines: [sampleMachine({ gpus: 2 })] })
    const [opportunity] = await rig.optimizer.findOpportunities()
    expect(opportunity?.intents[0]?.effects).toEqual([
      { measure: 'loss', amount: expect.closeTo((2 * 0.0236) / 12, 12) },
      { measure: 'operating-cost', amount: expect.closeTo((2 * 0.0236) / 12, 12) },
      { measure: 'count', amount: 1 },
    ])
    const listed = await startRig({ machines: [sampleMachine({ price: 0.2 })] })
    const [reprice] = await listed.optimizer.findOpportunities()
    expect(reprice?.intents[0]?.effects.map(({ measure }) => measure)).toEqual(['loss', 'count'])
  })

  it('does nothing that the budget refuses, and takes a machine off the market all the same', async () => {
    const none = [dailyLoss({ limit: 0 })]
    const refused = await startRig({ constraints: none })
    expect(await refused.scan()).toMatchObject([{ status: 'rejected', rejection: { code: 'LIMIT_EXCEEDED' } }])
    expect(refused.venue.written).toEqual([])
    const listed = await startRig({
      constraints: none,
      machines: [sampleMachine({ price: 0.2 })],
      policy: fixedPrice(0.01),
    })
    expect(await listed.scan()).toMatchObject([{ status: 'settled' }])
    expect(listed.venue.written).toMatchObject([{ action: 'unlist' }])
  })

  it('changes no more listings than the frequency limit allows', async () => {
    const machines = [1, 2, 3].map(machineId => sampleMachine({ machineId }))
    const rig = await startRig({
      gpus: machines.flatMap(({ machineId }) => gpusOf(machineId)),
      machines,
      constraints: [frequency({ limit: 2, per: '1h' })],
    })
    expect((await rig.scan()).map(({ status }) => status)).toEqual(['settled', 'settled', 'rejected'])
    expect(rig.venue.written).toHaveLength(2)
  })

  it('in a dry run says what it would do and sends nothing', async () => {
    const rig = await startRig({ config: { dryRunMode: true, customParams: { unlistOnShutdown: true } } })
    expect(await rig.scan()).toMatchObject([{ status: 'dry-run' }])
    await rig.scans(3)
    await rig.optimizer.shutdown()
    expect(rig.venue.written).toEqual([])
    expect(rig.optimizer.changes()[0]?.summary).toContain('is listed at $0.2940')
  })

  it('asks one market question per kind of machine and scan: 40 for 10,000 GPUs in 40 kinds', async () => {
    const machines = Array.from({ length: 1250 }, (_, index) =>
      sampleMachine({ machineId: index + 1, gpus: 8, more: { model: `MODEL_${index % 40}` } }),
    )
    const gpus = machines.flatMap(({ machineId, model }) =>
      gpusOf(machineId, 8).map(gpu => ({ ...gpu, gpuModel: model })),
    )
    const rig = await startRig({ gpus, machines })
    expect(gpus).toHaveLength(10_000)
    expect(await rig.optimizer.findOpportunities()).toHaveLength(1250)
    expect(rig.venue.count('market-rate')).toBe(40)
    expect(rig.venue.count('machines')).toBe(1)
  })
})

describe('when the optimiser stops', () => {
  it('listings stay, unless unlistOnShutdown takes them off', async () => {
    const staying = await startRig()
    await staying.scan()
    await staying.optimizer.shutdown()
    expect(staying.venue.written).toHaveLength(1)

    const leaving = await startRig({ config: { customParams: { unlistOnShutdown: true } } })
    await leaving.scan()
    await leaving.optimizer.shutdown()
    expect(leaving.venue.written.at(-1)).toMatchObject({ action: 'unlist', machineId: 61_001 })
    expect(leaving.optimizer.explain(61_001)).toMatchObject({ kind: 'unlist', reason: 'shutdown' })
  })

  it('it takes them off even when it cannot look, from what it saw last', async () => {
    const rig = await startRig({ config: { customParams: { unlistOnShutdown: true } } })
    await rig.scan()
    rig.venue.trouble = down
    await rig.optimizer.shutdown()
    expect(rig.venue.written.at(-1)).toMatchObject({ action: 'unlist' })
  })

  it('it takes off a machine that the market does not show just now, from what it saw last', async () => {
    const rig = await startRig({ config: { customParams: { unlistOnShutdown: true } } })
    await rig.scan()
    rig.venue.machines.delete(61_001)
    await rig.optimizer.shutdown()
    expect(rig.venue.written.at(-1)).toMatchObject({ action: 'unlist', machineId: 61_001 })
  })

  it('it says so when it could not', async () => {
    const rig = await startRig({ config: { customParams: { unlistOnShutdown: true } } })
    await rig.scan()
    rig.venue.writeTrouble = down
    await rig.optimizer.shutdown()
    expect(rig.warnings.at(-1)).toBe('machine 61001 could not be taken off the market: unlist it by hand')
  })
})

describe('what machines cost and earn', () => {
  it('is booked on the shared budget as it accrues', async () => {
    const rig = await startRig()
    rig.venue.books?.set(61_001, 7)
    await rig.scan()
    const lost = () => rig.risk.remaining('max_daily_loss').used
    await rig.scans(12)
    expect(lost()).toBeCloseTo(0.0236, 4)
    rig.venue.rent(61_001, 1)
    await rig.scan()
    await rig.scans(12)
    rig.venue.books?.set(61_001, 7.29)
    await rig.scans(12)
    const cost = 0.0236 + 2 * 0.074
    expect(rig.risk.remaining('max_operating_cost').used).toBeCloseTo(cost, 4)
    expect(lost()).toBeCloseTo(Math.max(0, cost - 0.29), 4)
    expect(rig.optimizer.kpis()).toMatchObject({
      totalRevenue: 0.29,
      operatingCost: expect.closeTo(cost, 4),
      netProfit: expect.closeTo(0.29 - cost, 4),
      gpuHours: expect.closeTo(3, 9),
      rentedGpuHours: expect.closeTo(2, 9),
      occupancy: expect.closeTo(2 / 3, 9),
    })
  })

  it('adds up over machines, and can be read for one of them', async () => {
    const machines = [1, 2].map(machineId => sampleMachine({ machineId }))
    const rig = await startRig({ gpus: machines.flatMap(({ machineId }) => gpusOf(machineId)), machines })
    for (const machineId of [1, 2]) rig.venue.books?.set(machineId, 0)
    await rig.scan()
    rig.venue.books?.set(1, 3)
    await rig.scans(12)
    const [all, first, second] = [
      rig.optimizer.kpis(),
      rig.optimizer.kpis({ machineId: 1 }),
      rig.optimizer.kpis({ machineId: 2 }),
    ]
    expect([all.totalRevenue, first.totalRevenue, second.totalRevenue]).toEqual([3, 3, 0])
    expect(all.operatingCost).toBeCloseTo(first.operatingCost + second.operatingCost, 9)
    expect(all.decisionsMade).toBe(26)
  })

  it('is estimated, with a word about it, while the key may not read the books', async () => {
    const rig = await startRig({ machines: [sampleMachine({ price: 0.294, rented: 1 })] })
    rig.venue.books = undefined
    await rig.scan()
    await rig.scans(24)
    expect(rig.optimizer.kpis()).toMatchObject({ revenueIsEstimated: true, totalRevenue: expect.closeTo(2 * 0.294, 3) })
    expect(rig.warnings).toEqual([
      'earnings could not be read (the key may not read earnings); rent is estimated until they can, a key with billing_read helps if permission is missing',
    ])
  })
})

describe('the books that rent is read from', () => {
  it('begin another day when the clock was ahead of them: what they held before that day is not earned now', async () => {
    const rig = await startRig()
    rig.venue.books?.set(61_001, 1)
    await rig.scan()
    rig.venue.books?.set(61_001, 3)
    await rig.scans(12)
    // From the day on to which the clock goes back, they hold 40 more.
    rig.clock.jumpTo(rig.clock.now() - 72 * hourMs)
    rig.venue.books?.set(61_001, 43)
    await rig.scan()
    expect(rig.optimizer.kpis().totalRevenue).toBe(2)
    rig.venue.books?.set(61_001, 43.5)
    await rig.scans(12)
    expect(rig.optimizer.kpis().totalRevenue).toBe(2.5)
    expect(new Set(rig.venue.booksAskedFrom).size).toBe(2)
  })

  it('take back most of it: that is a loss, not books begun anew', async () => {
    const rig = await startRig()
    rig.venue.books?.set(61_001, 0)
    await rig.scan()
    rig.venue.books?.set(61_001, 30)
    await rig.scans(12)
    rig.venue.books?.set(61_001, 4)
    await rig.scans(12)
    expect(rig.optimizer.kpis().totalRevenue).toBe(4)
  })

  it('lose the row of a machine: nothing is booked and it is said once, until they have it again', async () => {
    const rig = await startRig()
    rig.venue.books?.set(61_001, 0)
    await rig.scan()
    rig.venue.books?.set(61_001, 30)
    await rig.scans(12)
    rig.venue.books?.delete(61_001)
    await rig.scans(24)
    expect(rig.optimizer.kpis().totalRevenue).toBe(30)
    expect(rig.warnings).toEqual([expect.stringMatching(/^machine 61001: the market's books.* show none any more/)])
    rig.venue.books?.set(61_001, 31)
    await rig.scans(12)
    expect(rig.optimizer.kpis().totalRevenue).toBe(31)
  })
})

describe('across restarts the optimiser', () => {
  it('goes on down the idle ladder instead of beginning anew', async () => {
    const first = await startRig({ policy: idleLadder() })
    await first.scan()
    await first.scans(5 * 12)
    await first.optimizer.shutdown()
    const second = await startRig({ policy: idleLadder(), after: first })
    await second.scans(2 * 12)
    // 0.315 × 0.95 from the sixth idle hour on; a ladder begun anew would still ask 0.315.
    expect(first.venue.written.map(({ terms }) => terms?.pricePerGpuHour)).toEqual([0.315, 0.2993])
    expect(second.optimizer.explain(61_001)?.inputs['idleHours']).toBeCloseTo(7, 1)
  })

  it('goes on counting revenue, cost and decisions, and books nothing twice', async () => {
    const first = await startRig({ machines: [sampleMachine({ price: 0.294, rented: 1 })] })
    first.venue.books?.set(61_001, 0)
    await first.scan()
    first.venue.books?.set(61_001, 0.294)
    await first.scans(12)
    const before = first.optimizer.kpis()
    await first.optimizer.shutdown()
    const second = await startRig({ after: first })
    await second.scan()
    const after = second.optimizer.kpis()
    expect(after.totalRevenue).toBe(0.294)
    expect(after).toMatchObject({
      totalRevenue: before.totalRevenue,
      operatingCost: before.operatingCost,
      gpuHours: before.gpuHours,
    })
    expect(after.decisionsMade).toBe(before.decisionsMade + 1)
  })

  it('reads the books from the day on which it began, not from that of the restart', async () => {
    const first = await startRig()
    await first.scan()
    await first.optimizer.shutdown()
    first.clock.jumpTo(first.clock.now() + 72 * hourMs)
    await (await startRig({ after: first })).scan()
    expect(new Set(first.venue.booksAskedFrom).size).toBe(1)
  })

  it('remembers that a listing was changed by hand', async () => {
    const first = await startRig()
    await first.scan()
    first.venue.change(61_001, { listing: sampleTerms(0.9) })
    await first.scans(1)
    await first.optimizer.shutdown()
    const second = await startRig({ after: first })
    await second.scans(12)
    expect(first.venue.written).toHaveLength(1)
    expect(second.optimizer.explain(61_001)?.reason).toBe('left-to-your-hand')
  })

  it('finishes the scan in which it died: what was done is its own, what was not is done, nothing is decided twice', async () => {
    const machines = [sampleMachine({ machineId: 61_001 }), sampleMachine({ machineId: 61_002 })]
    const gpus = [guideGpu, { ...guideGpu, gpuId: 'gpu_002', machineId: 61_002 }]
    const first = await startRig({ machines, gpus })
    const [done] = await first.optimizer.findOpportunities()
    // The process ends after the first of two listings, before it could remember that.
    const memory = await first.store.loadState('strategy:gpu-optimizer')
    if (done !== undefined) await first.optimizer.executeOpportunity(done)
    await first.store.saveState('strategy:gpu-optimizer', memory ?? null)
    const decided = first.optimizer.kpis().decisionsMade

    const second = await startRig({ machines, gpus, after: first })
    expect(await second.scan()).toMatchObject([{ status: 'settled' }])
    expect(second.venue.written.map(({ machineId }) => machineId)).toEqual([61_001, 61_002])
    expect(second.optimizer.kpis().decisionsMade).toBe(decided)
    await second.scans(1)
    expect(second.optimizer.explain(61_001)?.reason).not.toBe('changed-by-hand')
    expect(second.venue.written).toHaveLength(2)
  })

  it('does not make the changes of a scan that is long past, and knows those that were made', async () => {
    const machines = [sampleMachine({ machineId: 61_001 }), sampleMachine({ machineId: 61_002 })]
    const gpus = [guideGpu, { ...guideGpu, gpuId: 'gpu_002', machineId: 61_002 }]
    const first = await startRig({ machines, gpus })
    const [done] = await first.optimizer.findOpportunities()
    const memory = await first.store.loadState('strategy:gpu-optimizer')
    if (done !== undefined) await first.optimizer.executeOpportunity(done)
    await first.store.saveState('strategy:gpu-optimizer', memory ?? null)
    first.clock.jumpTo(first.clock.now() + 2 * hourMs)

    const second = await startRig({ machines, gpus, after: first })
    await second.scan()
    expect(second.optimizer.explain(61_001)).toMatchObject({ kind: 'hold' })
    expect(second.optimizer.explain(61_001)?.reason).not.toBe('changed-by-hand')
    expect(second.optimizer.explain(61_002)).toMatchObject({ kind: 'list', atMs: second.clock.now() })
  })

  it('says in one line that a half-written memory cannot be used, and starts without one', async () => {
    const first = await startRig()
    await first.store.saveState('strategy:gpu-optimizer', { version: 1, machines: [[61_001, { pricing: null }]] })
    const rig = await startRig({ after: first })
    expect(rig.warnings).toHaveLength(1)
    expect(rig.warnings[0]).toMatch(
      /^what gpu-optimizer remembered does not fit this version: .*starting without a memory$/,
    )
    expect(await rig.scan()).toMatchObject([{ status: 'settled' }])
  })
})

describe('when something is wrong', () => {
  it('with the venue, nothing is changed and it is said once', async () => {
    const rig = await startRig()
    await rig.scan()
    rig.venue.trouble = down
    await rig.scans(3)
    expect(rig.warnings.filter(line => line.startsWith('your machines could not be looked at'))).toEqual([
      'your machines could not be looked at (Vast.ai cannot be reached); nothing is changed until they can',
    ])
    expect(rig.optimizer.explain(61_001)).toMatchObject({ kind: 'hold', reason: 'venue-unreachable' })
    rig.venue.trouble = undefined
    await rig.scans(1)
    expect(rig.venue.written).toHaveLength(1)
    expect(rig.optimizer.explain(61_001)?.reason).toBe('within-hysteresis')
  })

  it('with the venue at the start, nothing starts and one line says why', async () => {
    const { venue, risk } = await startRig()
    venue.trouble = down
    const optimizer = new GpuCapacityOptimizer({ gpus: [guideGpu], venue })
    optimizer.setRiskManager(risk)
    await expect(optimizer.initialize()).rejects.toMatchObject({
      code: 'VASTAI_UNREACHABLE',
      message: 'Vast.ai cannot be reached',
    })
    expect(venue.written).toEqual([])
  })

  it('with the market, every listing stays as it is', async () => {
    const rig = await startRig({ machines: [sampleMachine({ price: 0.2 })] })
    rig.venue.rateFor = () => {
      throw new AutomationError({ code: 'TOO_FEW_PEERS', message: 'no offers of RTX_4090' })
    }
    await rig.scan()
    expect(rig.venue.written).toEqual([])
    expect(rig.optimizer.explain(61_001)).toMatchObject({
      reason: 'too-few-peers',
      summary: expect.stringContaining('no offers of RTX_4090'),
    })
  })

  it('with the clock, nothing is changed or lost at that scan', async () => {
    const rig = await startRig()
    await rig.scan()
    await rig.scans(12)
    const before = rig.optimizer.kpis()
    rig.clock.jumpTo(rig.clock.now() - 5 * hourMs)
    await rig.scan()
    expect(rig.optimizer.explain(61_001)?.reason).toBe('clock-went-backwards')
    expect(rig.optimizer.kpis()).toMatchObject({ gpuHours: before.gpuHours, operatingCost: before.operatingCost })
    expect(rig.venue.written).toHaveLength(1)
  })

  it('with a machine, the others are looked after', async () => {
    const machines = [sampleMachine({ machineId: 2 })]
    const rig = await startRig({ gpus: [...gpusOf(1), ...gpusOf(2)], machines })
    await rig.scan()
    expect(rig.venue.written).toMatchObject([{ machineId: 2 }])
    expect(rig.warnings).toEqual([expect.stringContaining('machine 1 is not among the machines that Vast.ai shows')])
  })

  it('with a write whose end nobody knows, the next sight tells', async () => {
    const rig = await startRig()
    rig.venue.writeTrouble = new AutomationError({ code: 'VASTAI_CONNECTION', message: 'reset', effect: 'unknown' })
    expect(await rig.scan()).toMatchObject([{ status: 'unknown' }])
    rig.venue.writeTrouble = undefined
    await rig.scans(1)
    expect(rig.optimizer.explain(61_001)?.reason).toBe('within-hysteresis')
    expect(rig.venue.written).toHaveLength(1)
  })

  it('with a listing that somebody changed between the look and the write, nothing is written', async () => {
    const rig = await startRig()
    const [opportunity] = await rig.optimizer.findOpportunities()
    if (opportunity === undefined) throw new Error('nothing was found')
    rig.venue.change(61_001, { listed: true, listing: sampleTerms(0.9) })
    const { results } = await rig.optimizer.executeOpportunity(opportunity)
    expect(results).toMatchObject([{ status: 'failed', error: { code: 'LISTING_CHANGED' } }])
    await rig.scans(1)
    expect(rig.venue.written).toEqual([])
    expect(rig.optimizer.explain(61_001)?.reason).toBe('changed-by-hand')
  })

  it('with the configuration, the constructor says so in one line', () => {
    const make = (config: unknown) => () =>
      new GpuCapacityOptimizer({ gpus: [guideGpu], config: config as Record<string, never> })
    expect(make({ minRoi: -1 })).toThrow(/^optimizer config is not usable: minRoi: [^\n]*$/)
    expect(make({ customParams: { limits: { stepMax: Number.NaN } } })).toThrow(
      /^optimizer config is not usable: customParams.limits.stepMax: [^\n]*$/,
    )
    expect(make({ scanIntervalMS: 1000 })).toThrow(/scanIntervalMS/)
  })
})
