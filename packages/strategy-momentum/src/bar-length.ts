/** How long bars can be, as ccxt writes it. */
export const timeframes = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '1d'] as const

export type Timeframe = (typeof timeframes)[number]

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** Length of a bar in milliseconds. */
export function barLengthMs(timeframe: Timeframe): number {
  return Number(timeframe.slice(0, -1)) * unitMs[timeframe.slice(-1) as keyof typeof unitMs]
}
