/** `live` acts on a real market, `simulated` on stand-ins alone, `dry-run` passes every check and sends nothing. */
export type RunMode = 'simulated' | 'dry-run' | 'live'
