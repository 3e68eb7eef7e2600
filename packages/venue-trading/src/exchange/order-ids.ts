/** More are forgotten, oldest first; a forgotten one is asked for again. */
const orderIdsMax = 10_000

/** Which client order id an order of the exchange has: its trades do not say. */
export class OrderIds {
  readonly #clientIds = new Map<string, string>()
  readonly #orderIds = new Map<string, string>()

  learn(orderId: string, clientOrderId: string): void {
    this.#clientIds.set(orderId, clientOrderId)
    if (clientOrderId !== '') this.#orderIds.set(clientOrderId, orderId)
    for (const map of [this.#clientIds, this.#orderIds])
      if (map.size > orderIdsMax)
        for (const oldest of map.keys()) {
          map.delete(oldest)
          break
        }
  }

  /** `''`: an order without a client order id of ours. */
  clientIdOf(orderId: string): string | undefined {
    return this.#clientIds.get(orderId)
  }

  orderIdOf(clientOrderId: string): string | undefined {
    return this.#orderIds.get(clientOrderId)
  }
}
