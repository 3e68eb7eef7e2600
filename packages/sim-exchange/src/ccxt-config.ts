import type { Clock } from '@org/core'
import type { ExchangeSimulator } from './server.ts'

/**
 * What ccxt's `binance` is constructed with to talk to a simulator instead of the internet: every address, a key, spot alone. With a `clock`
 * ccxt signs with its time, which a virtual clock needs. Before its streams are used ccxt wants `await exchange.loadHttpProxyAgent()`, since these
 * sockets are without TLS.
 *
 * @example
 * const exchange = new ccxt.pro.binance(ccxtConfig(simulator, { clock }))
 */
export function ccxtConfig(
  simulator: Pick<ExchangeSimulator, 'url' | 'wsUrl' | 'apiKey' | 'secret'>,
  options: { readonly clock?: Clock; readonly enableRateLimit?: boolean } = {},
) {
  const { url, wsUrl, apiKey, secret } = simulator
  const { clock } = options
  return {
    apiKey,
    secret,
    enableRateLimit: options.enableRateLimit ?? true,
    urls: {
      api: {
        public: `${url}/api/v3`,
        private: `${url}/api/v3`,
        v1: `${url}/api/v1`,
        sapi: `${url}/sapi/v1`,
        sapiV2: `${url}/sapi/v2`,
        sapiV3: `${url}/sapi/v3`,
        sapiV4: `${url}/sapi/v4`,
        fapiPublic: `${url}/fapi/v1`,
        dapiPublic: `${url}/dapi/v1`,
        ws: { spot: `${wsUrl}/ws`, margin: `${wsUrl}/ws`, 'ws-api': { spot: `${wsUrl}/ws-api/v3` } },
      },
    },
    options: { fetchMarkets: { types: ['spot'] }, fetchMargins: false, fetchCurrencies: false },
    ...(clock === undefined
      ? {}
      : { nonce: () => Math.floor(clock.now()), milliseconds: () => Math.floor(clock.now()) }),
  }
}
