/** What a unified symbol is made of. */
export interface SymbolAssets {
  readonly base: string
  readonly quote: string
}

/**
 * @example
 * assetsOf('BTC/USDT') // { base: 'BTC', quote: 'USDT' }, and so for 'BTC/USDT:USDT'
 */
export function assetsOf(symbol: string): SymbolAssets {
  const [base = symbol, quote = ''] = symbol.split(/[/:]/)
  return { base, quote }
}
