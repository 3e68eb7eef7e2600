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
  Wilder,
} from '@org/indicators'
import * as naive from './naive.ts'

/** One number of one indicator, and how it is computed from the whole list. */
export interface Case {
  readonly name: string
  readonly make: (period: number) => Indicator<Bar, number>
  readonly batch: (bars: readonly Bar[], period: number) => readonly (number | undefined)[]
  /** What multiplying all prices by a factor does to it; not given where it multiplies by neither 1 nor the factor. */
  readonly scales?: 'with-prices' | 'not-at-all'
}

const closes = (bars: readonly Bar[]) => bars.map(bar => bar.close)

/** The same indicator with bars for input and one number for value, so that all can be tested alike. */
function onBars<Input, Value>(
  inner: Indicator<Input, Value>,
  input: (bar: Bar) => Input,
  read: (value: Value) => number,
): Indicator<Bar, number> {
  const value = () => (inner.value === undefined ? undefined : read(inner.value))
  return {
    name: inner.name,
    warmUp: inner.warmUp,
    get value() {
      return value()
    },
    get isReady() {
      return inner.isReady
    },
    update(bar) {
      const said = inner.update(input(bar))
      return said === undefined ? undefined : read(said)
    },
    snapshot: () => inner.snapshot(),
    restore: snapshot => inner.restore(snapshot),
  }
}

const ofClose = (inner: Indicator<number, number>) =>
  onBars(
    inner,
    bar => bar.close,
    value => value,
  )
const whole = <Value>(inner: Indicator<Bar, Value>, read: (value: Value) => number) => onBars(inner, bar => bar, read)
const itself = (value: number) => value

export const cases: readonly Case[] = [
  {
    name: 'SMA',
    make: n => ofClose(new Sma(n)),
    batch: (bars, n) => naive.windows(closes(bars), n, naive.mean),
    scales: 'with-prices',
  },
  {
    name: 'EMA',
    make: n => ofClose(new Ema(n)),
    batch: (bars, n) => naive.ema(closes(bars), n),
    scales: 'with-prices',
  },
  {
    name: 'Wilder',
    make: n => ofClose(new Wilder(n)),
    batch: (bars, n) => naive.wilder(closes(bars), n),
    scales: 'with-prices',
  },
  {
    name: 'KAMA',
    make: n => ofClose(new Kama(n)),
    batch: (bars, n) => naive.kama(closes(bars), n),
    scales: 'with-prices',
  },
  {
    name: 'VWAP',
    make: n => whole(new MovingVwap(n), itself),
    batch: (bars, n) =>
      naive.windows(
        bars,
        n,
        window =>
          naive.sum(window.map(bar => ((bar.open + bar.high + bar.low + bar.close) / 4) * bar.volume)) /
          naive.sum(window.map(bar => bar.volume)),
      ),
    scales: 'with-prices',
  },
  {
    name: 'RSI of Wilder',
    make: n => ofClose(new Rsi(n)),
    batch: (bars, n) => naive.rsi(closes(bars), n, naive.wilder),
    scales: 'not-at-all',
  },
  {
    name: 'RSI of plain means',
    make: n => ofClose(new Rsi(n, { averages: 'simple' })),
    batch: (bars, n) => naive.rsi(closes(bars), n, naive.simple),
    scales: 'not-at-all',
  },
  {
    name: 'MACD histogram',
    make: n =>
      onBars(
        new Macd({ fast: n, slow: n + 3, signal: 4 }),
        bar => bar.close,
        value => value.histogram,
      ),
    batch: (bars, n) => {
      const line = naive.both(naive.ema(closes(bars), n), naive.ema(closes(bars), n + 3), (a, b) => a - b)
      return naive.both(line, naive.ema(line, 4), (a, b) => a - b)
    },
    scales: 'with-prices',
  },
  {
    name: 'stochastic %D',
    make: n => whole(new Stochastic({ period: n, kPeriod: 3, dPeriod: 2 }), value => value.d),
    batch: (bars, n) => naive.simple(naive.simple(naive.fastK(bars, n), 3), 2),
    scales: 'not-at-all',
  },
  { name: 'CCI', make: n => whole(new Cci(n), itself), batch: naive.cci, scales: 'not-at-all' },
  {
    name: 'momentum',
    make: n => ofClose(new Momentum(n)),
    batch: (bars, n) => naive.windows(closes(bars), n + 1, window => (window.at(-1) ?? 0) - (window[0] ?? 0)),
    scales: 'with-prices',
  },
  {
    name: 'rate of change',
    make: n => ofClose(new RateOfChange(n)),
    batch: (bars, n) =>
      naive.windows(closes(bars), n + 1, window => 100 * ((window.at(-1) ?? 0) / (window[0] ?? 0) - 1)),
    scales: 'not-at-all',
  },
  {
    name: 'true range',
    make: () => whole(new TrueRange(), itself),
    batch: bars => naive.trueRanges(bars),
    scales: 'with-prices',
  },
  {
    name: 'ATR',
    make: n => whole(new Atr(n), itself),
    batch: (bars, n) => naive.wilder(naive.trueRanges(bars), n),
    scales: 'with-prices',
  },
  {
    name: 'standard deviation',
    make: n => ofClose(new StandardDeviation(n)),
    batch: (bars, n) => naive.windows(closes(bars), n, naive.deviation),
    scales: 'with-prices',
  },
  {
    name: 'upper Bollinger band',
    make: n =>
      onBars(
        new BollingerBands({ period: n, deviations: 2.5 }),
        bar => bar.close,
        value => value.upper,
      ),
    batch: (bars, n) => naive.windows(closes(bars), n, window => naive.mean(window) + 2.5 * naive.deviation(window)),
    scales: 'with-prices',
  },
  {
    name: 'highest',
    make: n => ofClose(new Highest(n)),
    batch: (bars, n) => naive.windows(closes(bars), n, window => Math.max(...window)),
    scales: 'with-prices',
  },
  {
    name: 'lowest',
    make: n => ofClose(new Lowest(n)),
    batch: (bars, n) => naive.windows(closes(bars), n, window => Math.min(...window)),
    scales: 'with-prices',
  },
  {
    name: 'middle of the Donchian channel',
    make: n => whole(new DonchianChannel(n), value => value.middle),
    batch: (bars, n) =>
      naive.windows(
        bars,
        n,
        window => (Math.max(...window.map(bar => bar.high)) + Math.min(...window.map(bar => bar.low))) / 2,
      ),
    scales: 'with-prices',
  },
  {
    name: '+DI',
    make: n => whole(new DirectionalMovement(n), value => value.plusDi),
    batch: (bars, n) => naive.directional(bars, n).plus,
    scales: 'not-at-all',
  },
  {
    name: '−DI',
    make: n => whole(new DirectionalMovement(n), value => value.minusDi),
    batch: (bars, n) => naive.directional(bars, n).minus,
    scales: 'not-at-all',
  },
  {
    name: 'ADX',
    make: n => whole(new Adx(n), value => value.adx),
    batch: naive.adx,
    scales: 'not-at-all',
  },
  { name: 'ADXR', make: n => whole(new Adxr(n), itself), batch: naive.adxr, scales: 'not-at-all' },
  {
    name: 'pivot highs',
    make: n => whole(new PivotPoints(n), value => value.pivotHigh ?? 0),
    batch: (bars, n) => naive.pivotHighs(bars, n).map((value, i) => (i < 2 * n ? undefined : (value ?? 0))),
    scales: 'with-prices',
  },
  {
    name: 'pivot lows',
    make: n => whole(new PivotPoints(n), value => value.pivotLow ?? 0),
    batch: (bars, n) =>
      naive
        .pivotHighs(
          bars.map(bar => ({ ...bar, high: -bar.low, low: -bar.high })),
          n,
        )
        .map((value, i) => (i < 2 * n ? undefined : -(value ?? 0))),
    scales: 'with-prices',
  },
  {
    name: 'OBV',
    make: () => whole(new Obv(), itself),
    batch: bars => {
      let balance = 0
      return bars.map((bar, i) => {
        balance += i === 0 ? bar.volume : Math.sign(bar.close - (bars[i - 1] as Bar).close) * bar.volume
        return i === 0 ? undefined : balance
      })
    },
    scales: 'not-at-all',
  },
  {
    name: 'Sharpe ratio',
    make: n => ofClose(new Sharpe(n + 1, { riskFreeReturn: 0.001 })),
    batch: (bars, n) =>
      naive.windows(closes(bars), n + 2, window => {
        const returns = returnsOf(window)
        const spread = naive.deviation(returns)
        return spread === 0 ? 0 : (naive.mean(returns) - 0.001) / spread
      }),
  },
  {
    name: 'Sortino ratio',
    make: n => ofClose(new Sortino(n, { minimumReturn: 0.01 })),
    batch: (bars, n) =>
      naive.windows(closes(bars), n + 1, window => {
        const returns = returnsOf(window)
        const shortfall = Math.sqrt(naive.mean(returns.map(each => Math.min(each - 0.01, 0) ** 2)))
        return shortfall === 0 ? 0 : (naive.mean(returns) - 0.01) / shortfall
      }),
    scales: 'not-at-all',
  },
]

const returnsOf = (prices: readonly number[]) =>
  prices.slice(1).map((price, i) => (price - (prices[i] as number)) / (prices[i] as number))
