import {
  Adx,
  Adxr,
  Atr,
  type Bar,
  BollingerBands,
  Cci,
  DirectionalMovement,
  DonchianChannel,
  Ema,
  Highest,
  type Indicator,
  Kama,
  Lowest,
  Macd,
  Momentum,
  MovingVwap,
  Obv,
  PivotPoints,
  RateOfChange,
  Rsi,
  Sharpe,
  Sma,
  Sortino,
  StandardDeviation,
  Stochastic,
  TrueRange,
} from '@org/indicators'

/** An indicator as a column of a reference file sees it: bars in, one number out. */
export interface ColumnIndicator {
  readonly name: string
  /** Rows before the first number. */
  readonly notReadyRows: number
  update(bar: Bar): number | undefined
  snapshot(): unknown
  restore(snapshot: unknown): void
}

/** What a column's header stands for. */
export interface ColumnMeaning {
  /** Indicators that go by this name: where tools disagree, one of them must fit every row. */
  readonly candidates: readonly (() => ColumnIndicator)[]
  /** How far a value may be off because of what went into it; the rounding of the file's own cells comes on top where it is coarser. */
  readonly tolerance: number
  readonly isRelative?: boolean
}

function column<Input, Value>(
  indicator: Indicator<Input, Value>,
  input: (bar: Bar) => Input,
  read: (indicator: Indicator<Input, Value>) => number | undefined,
  notReadyRows = indicator.warmUp - 1,
): ColumnIndicator {
  return {
    name: indicator.name,
    notReadyRows,
    update(bar) {
      indicator.update(input(bar))
      return read(indicator)
    },
    snapshot: () => indicator.snapshot(),
    restore: snapshot => indicator.restore(snapshot),
  }
}

const close = (bar: Bar) => bar.close
const wholeBar = (bar: Bar) => bar

const ofClose = (indicator: Indicator<number, number>) => () => column(indicator, close, () => indicator.value)
const ofBar = (indicator: Indicator<Bar, number>) => () => column(indicator, wholeBar, () => indicator.value)

/** Mean of true ranges without weights, which some tools call by the name of Wilder's. */
function simpleAtr(period: number): ColumnIndicator {
  const range = new TrueRange()
  const mean = new Sma(period)
  return {
    name: `mean of ${period} true ranges`,
    // The first bar has no close before it and does not count.
    notReadyRows: period,
    update(bar) {
      const isFirst = !range.isReady
      const value = range.update(bar)
      return isFirst ? undefined : mean.update(value)
    },
    snapshot: () => [range.snapshot(), mean.snapshot()],
    restore(snapshot) {
      const [rangeState, meanState] = snapshot as readonly unknown[]
      range.restore(rangeState)
      mean.restore(meanState)
    },
  }
}

const one = (tolerance: number, make: () => ColumnIndicator): ColumnMeaning => ({ candidates: [make], tolerance })

/** Column headers, lower case, as LEAN's test data writes them. The first pattern that fits counts. */
const meanings: readonly (readonly [
  header: RegExp,
  meaning: (numbers: readonly number[], siblings: readonly string[]) => ColumnMeaning,
])[] = [
  [/^(?:sma|moving average)[ _]?(\d+)$/, ([period = 14]) => one(0.0002, ofClose(new Sma(period)))],
  [/^ema[ _]?(\d+)$/, ([period = 14]) => one(0.0002, ofClose(new Ema(period)))],
  [/^macd[ _](\d+)[ _](\d+)$/, ([fast = 12, slow = 26]) => one(0.0002, () => macdLine(fast, slow, 9))],
  [
    /^macd(?:[ _](\d+)[ _](\d+)[ _](\d+))?$/,
    ([fast = 12, slow = 26, signal = 9]) => one(0.00001, () => macdLine(fast, slow, signal)),
  ],
  [/^signal$/, (_, siblings) => one(0.00001, () => macdPart(siblings, 'signal'))],
  [/^histogram$/, (_, siblings) => one(0.00001, () => macdPart(siblings, 'histogram'))],
  [/^rsi[ _]?(\d+) wilder$/, ([period = 14]) => one(0.00001, ofClose(new Rsi(period)))],
  [
    /^rsi[ _]?(\d+)$/,
    ([period = 14]) => ({
      candidates: [ofClose(new Rsi(period, { averages: 'simple' })), ofClose(new Rsi(period))],
      tolerance: 0.0003,
    }),
  ],
  [
    /^(?:average true range|atr)[ _]?(\d+)$/,
    ([period = 14]) => ({ candidates: [ofBar(new Atr(period)), () => simpleAtr(period)], tolerance: 0.00001 }),
  ],
  [/^tr$/, () => one(1e-9, ofBar(new TrueRange()))],
  [/^bollinger bands (\d+) ([\d.]+) top$/, (_, siblings) => one(0.0002, () => bollinger(siblings, 'upper'))],
  [/^bollinger bands (\d+) ([\d.]+) bottom$/, (_, siblings) => one(0.0002, () => bollinger(siblings, 'lower'))],
  [/^bandwidth$/, (_, siblings) => one(0.0002, () => bollinger(siblings, 'bandWidth'))],
  [/^%b$/, (_, siblings) => one(0.0002, () => bollinger(siblings, 'percentB'))],
  [/^(?:commodity channel index \(cci\)|cci)[ _]?(\d+)$/, ([period = 14]) => one(0.003, ofBar(new Cci(period)))],
  [/^obv$/, () => ({ candidates: [ofBar(new Obv())], tolerance: 0.0001, isRelative: true })],
  [
    /^sortino_rf_([\d.]+)_period_(\d+)$/,
    ([minimumReturn = 0, period = 15]) => one(1e-9, ofClose(new Sortino(period, { minimumReturn }))),
  ],
  [/^(?:sr|sharpe(?: ratio)?)[ _]?(\d+)$/, ([period = 10]) => one(0.0001, ofClose(new Sharpe(period)))],
  [/^kama[ _]?(\d+)$/, ([period = 5]) => one(1e-6, ofClose(new Kama(period)))],
  [/^\+di ?(\d+)$/, ([period = 14]) => one(0.0001, () => movement(period, 'plusDi'))],
  [/^-di ?(\d+)$/, ([period = 14]) => one(0.0001, () => movement(period, 'minusDi'))],
  [
    /^dx(?: ?(\d+))?$/,
    ([period], siblings) => one(1e-9, () => movement(period ?? periodOf(siblings, /^adx ?(\d+)$/, 14), 'dx')),
  ],
  [/^adx[ _]?(\d+)$/, ([period = 14]) => one(0.001, () => adxOf(period))],
  [/^adxr[ _]?(\d+)$/, ([period = 14]) => one(0.001, ofBar(new Adxr(period)))],
  [/^stochastics (\d+) %k (\d+)$/, (_, siblings) => one(0.001, () => stochastic(siblings, 'k'))],
  [/^%k (\d+)$/, (_, siblings) => one(0.001, () => stochastic(siblings, 'k'))],
  [/^%d (\d+)$/, (_, siblings) => one(0.001, () => stochastic(siblings, 'd'))],
  [/^max[ _]?(\d+)$/, ([period = 5]) => one(1e-9, ofClose(new Highest(period)))],
  [/^min[ _]?(\d+)$/, ([period = 5]) => one(1e-9, ofClose(new Lowest(period)))],
  [/^var(?:[ _]?(\d+))?$/, ([period = 10]) => one(1e-6, () => variance(period))],
  [/^(?:std|stdev)[ _]?(\d+)$/, ([period = 10]) => one(1e-6, ofClose(new StandardDeviation(period)))],
  [/^donchian channels (\d+) top$/, ([period = 50]) => one(1e-9, () => donchian(period, 'upper'))],
  [/^donchian channels (\d+) bottom$/, ([period = 50]) => one(1e-9, () => donchian(period, 'lower'))],
  [/^donchian channels (\d+) mean$/, ([period = 50]) => one(1e-9, () => donchian(period, 'middle'))],
  // The tool that made the files calls a plain difference by this name.
  [/^rate of change (\d+)$/, ([period = 50]) => one(0.0001, ofClose(new Momentum(period)))],
  [/^(?:momentum|mom)[ _]?(\d+)$/, ([period = 10]) => one(0.0001, ofClose(new Momentum(period)))],
  [/^(?:rate of change %|rocp?) ?_?(\d+)$/, ([period = 50]) => one(0.0001, ofClose(new RateOfChange(period)))],
  [/^(?:moving )?vwap[ _]?(\d+)$/, ([period = 50]) => one(0.001, ofBar(new MovingVwap(period)))],
  [/^pphl(?:[ _]?(\d+))?$/, ([bars = 10]) => one(0, () => pivotCode(bars))],
  [/^support(?:[ _]?(\d+))?$/, ([bars = 10]) => one(1e-9, () => level(bars, 'support'))],
  [/^resistance(?:[ _]?(\d+))?$/, ([bars = 10]) => one(1e-9, () => level(bars, 'resistance'))],
]

/** What a header means, or `undefined` where it is an input, an intermediate result or not known. */
export function meaningOf(header: string, headers: readonly string[]): ColumnMeaning | undefined {
  const siblings = headers.map(normal)
  for (const [pattern, meaning] of meanings) {
    const match = pattern.exec(normal(header))
    if (match === null) continue
    const numbers = match.slice(1).filter(text => text !== undefined)
    return meaning(numbers.map(Number), siblings)
  }
  return undefined
}

const normal = (header: string) => header.replace(/®/g, '').replace(/\s+/g, ' ').trim().toLowerCase()

/** The first number that `pattern` captures in a sibling's header: `BandWidth` itself does not say of how many bars. */
function periodOf(siblings: readonly string[], pattern: RegExp, otherwise: number, group = 1): number {
  for (const sibling of siblings) {
    const text = pattern.exec(sibling)?.[group]
    if (text !== undefined) return Number(text)
  }
  return otherwise
}

function macdLine(fast: number, slow: number, signal: number): ColumnIndicator {
  const macd = new Macd({ fast, slow, signal })
  return column(macd, close, () => macd.line, slow - 1)
}

function macdPart(siblings: readonly string[], part: 'signal' | 'histogram'): ColumnIndicator {
  const pattern = /^macd[ _](\d+)[ _](\d+)(?:[ _](\d+))?$/
  const macd = new Macd({
    fast: periodOf(siblings, pattern, 12),
    slow: periodOf(siblings, pattern, 26, 2),
    signal: periodOf(siblings, pattern, 9, 3),
  })
  return column(macd, close, () => macd.value?.[part])
}

function bollinger(siblings: readonly string[], part: 'upper' | 'lower' | 'bandWidth' | 'percentB'): ColumnIndicator {
  const pattern = /^bollinger bands (\d+) ([\d.]+)/
  const bands = new BollingerBands({
    period: periodOf(siblings, pattern, 20),
    deviations: periodOf(siblings, pattern, 2, 2),
  })
  return column(bands, close, () => bands.value?.[part])
}

function movement(period: number, part: 'plusDi' | 'minusDi' | 'dx'): ColumnIndicator {
  const indicator = new DirectionalMovement(period)
  return column(indicator, wholeBar, () => indicator.value?.[part])
}

function adxOf(period: number): ColumnIndicator {
  const adx = new Adx(period)
  return column(adx, wholeBar, () => adx.value?.adx)
}

function stochastic(siblings: readonly string[], part: 'k' | 'd'): ColumnIndicator {
  const pattern = /^stochastics (\d+) %k (\d+)$/
  const period = periodOf(siblings, pattern, 14)
  const kPeriod = periodOf(siblings, pattern, periodOf(siblings, /^%k (\d+)$/, 3), 2)
  const indicator = new Stochastic({ period, kPeriod, dPeriod: periodOf(siblings, /^%d (\d+)$/, 3) })
  return part === 'k'
    ? column(indicator, wholeBar, () => indicator.k, period + kPeriod - 2)
    : column(indicator, wholeBar, () => indicator.value?.d)
}

function variance(period: number): ColumnIndicator {
  const deviation = new StandardDeviation(period)
  return column(deviation, close, () => (deviation.value === undefined ? undefined : deviation.value ** 2))
}

function donchian(period: number, part: 'upper' | 'lower' | 'middle'): ColumnIndicator {
  const channel = new DonchianChannel(period)
  return column(channel, wholeBar, () => channel.value?.[part])
}

/** LEAN's code for pivots: 1 a high, −1 a low, 2 both, 0 none. */
function pivotCode(surroundingBars: number): ColumnIndicator {
  const pivots = new PivotPoints(surroundingBars)
  return column(pivots, wholeBar, () => {
    const { value } = pivots
    if (value === undefined) return undefined
    if (value.pivotHigh !== undefined) return value.pivotLow === undefined ? 1 : 2
    return value.pivotLow === undefined ? 0 : -1
  })
}

function level(surroundingBars: number, part: 'support' | 'resistance'): ColumnIndicator {
  const pivots = new PivotPoints(surroundingBars)
  return column(pivots, wholeBar, () => pivots.value?.[part])
}
