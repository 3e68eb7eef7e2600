export {
  parseSpreadArbitrageConfig,
  type SpreadArbitrageConfig,
  type SpreadArbitrageParams,
  spreadArbitrageConfigSchema,
} from './config.ts'
export type { SpreadArbitrageKpis } from './kpis.ts'
export { type SpreadArbitrageOptions, SpreadArbitrageStrategy } from './spread-arbitrage-strategy.ts'
export { type Spread, walkBooks } from './walk-books.ts'
