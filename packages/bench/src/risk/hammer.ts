import { DefaultRiskManager, dailyLoss, exposure, frequency, type IntentId, type Store, systemClock } from '@org/core'

export interface HammerResult {
  /** Reservations made and settled, per second. */
  readonly pairsPerSecond: number
  /** Of one call to reserve or settle, milliseconds. */
  readonly p99Ms: number
  readonly longestMs: number
  /** Reservations let through. */
  readonly granted: number
}

/** Lets `callers` reserve and settle against three constraints, each as fast as it is answered. */
export async function hammer(options: {
  readonly store: Store
  readonly name: string
  readonly callers: number
  readonly seconds: number
  /** Dollars that may be lost; each pair loses one. @default never binds */
  readonly limit?: number
}): Promise<HammerResult> {
  const { store, name, callers, seconds } = options
  const risk = new DefaultRiskManager(
    [dailyLoss({ limit: options.limit ?? 1e9 }), exposure({ limit: 1e9 }), frequency({ limit: 1e9, per: '1h' })],
    { store },
  )
  const waitsMs: number[] = []
  const timed = async <T>(call: Promise<T>): Promise<T> => {
    const started = performance.now()
    const result = await call
    waitsMs.push(performance.now() - started)
    return result
  }
  const startedMs = systemClock.now()
  const endMs = startedMs + seconds * 1_000
  let count = 0
  let granted = 0
  const one = async () => {
    while (systemClock.now() < endMs) {
      const id = `${name}-${count++}` as IntentId
      const result = await timed(
        risk.reserve({
          id,
          strategyId: name,
          venueId: 'venue',
          domain: 'bench',
          asset: 'machine-1',
          action: 'list',
          params: { machine: 1, pricePerGpuHour: 0.49 },
          effects: [
            { measure: 'loss', amount: 1 },
            { measure: 'exposure', amount: 1 },
            { measure: 'count', amount: 1 },
          ],
          reduces: false,
          expiresAt: endMs + 60_000,
          rationale: { reason: 'bench', summary: 'as fast as it goes', inputs: { medianPricePerGpuHour: 0.5 } },
        }),
      )
      if (!result.ok) {
        if (options.limit === undefined) throw new Error(result.rejection.shortMessage)
        return
      }
      granted++
      await timed(
        risk.settle(id, [
          { measure: 'loss', amount: 1 },
          { measure: 'exposure', amount: 0 },
          { measure: 'count', amount: 1 },
        ]),
      )
    }
  }
  await Promise.all(Array.from({ length: callers }, one))
  waitsMs.sort((a, b) => a - b)
  return {
    pairsPerSecond: (granted * 1_000) / (systemClock.now() - startedMs),
    p99Ms: waitsMs[Math.floor(waitsMs.length * 0.99)] ?? 0,
    longestMs: waitsMs.at(-1) ?? 0,
    granted,
  }
}
