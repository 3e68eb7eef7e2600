const localHosts = new Set(['127.0.0.1', 'localhost', '[::1]'])

export function isLocalAddress(address: string): boolean {
  return URL.canParse(address) && localHosts.has(new URL(address).hostname)
}

/** Every address in a tree such as ccxt's `urls.api`. */
export function addressesIn(tree: unknown): readonly string[] {
  if (typeof tree === 'string') return /^(https?|wss?):/.test(tree) ? [tree] : []
  if (typeof tree !== 'object' || tree === null) return []
  return Object.values(tree).flatMap(addressesIn)
}
