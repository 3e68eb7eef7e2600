/** `live` acts on a real market, `simulated` on a stand-in, `dry-run` passes every check and sends nothing. */
export type RunMode = 'simulated' | 'dry-run' | 'live'
