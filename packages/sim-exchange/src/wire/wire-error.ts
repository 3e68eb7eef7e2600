/** A refusal as the exchange words it: a status, a negative code, a message. */
export class WireError extends Error {
  readonly status: number
  readonly code: number

  constructor(code: number, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

const badKey = 'Invalid API-key, IP, or permissions for action.'

/** The refusals that more than one endpoint gives, with the words clients match on. */
export const refusals = {
  missing: (name: string) =>
    new WireError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  illegal: (name: string, range: string) =>
    new WireError(-1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  precision: (name: string) => new WireError(-1111, `Parameter '${name}' has too much precision.`),
  notRequired: (name: string) => new WireError(-1106, `Parameter '${name}' sent when not required.`),
  symbol: () => new WireError(-1121, 'Invalid symbol.'),
  filter: (name: string) => new WireError(-1013, `Filter failure: ${name}`),
  timestamp: () => new WireError(-1021, 'Timestamp for this request is outside of the recvWindow.'),
  timestampAhead: () => new WireError(-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
  signature: () => new WireError(-1022, 'Signature for this request is not valid.'),
  keyFormat: () => new WireError(-2014, 'API-key format invalid.', 401),
  key: () => new WireError(-2015, badKey, 401),
  unknownOrder: () => new WireError(-2011, 'Unknown order sent.'),
  noSuchOrder: () => new WireError(-2013, 'Order does not exist.'),
  order: (message: string) => new WireError(-2010, message),
  marketClosed: () => new WireError(-1013, 'Market is closed.'),
}
