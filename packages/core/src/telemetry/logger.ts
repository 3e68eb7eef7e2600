import { type DestinationStream, type LoggerOptions, pino } from 'pino'

/** Structured logging; the part of pino's interface that the framework uses. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Logger
}

/** Field names whose values never reach a log, at the top and up to two levels down. */
export const secretFieldNames = [
  'apiKey',
  'api_key',
  'authorization',
  'Authorization',
  'password',
  'secret',
  'token',
  'privateKey',
  'instance_api_key',
  'jupyter_token',
] as const

/**
 * A pino logger that leaves secrets out.
 *
 * @param options `level` as in pino, default `info`; `secrets` are values (keys in use) that are cut out of every line wherever they stand.
 * @example
 * const logger = createLogger({ level: 'debug', secrets: [process.env.VAST_AI_API_KEY ?? ''] })
 */
export function createLogger(
  options: {
    readonly level?: NonNullable<LoggerOptions['level']>
    readonly secrets?: readonly string[]
    readonly destination?: DestinationStream
  } = {},
): Logger {
  const secrets = (options.secrets ?? []).filter(secret => secret.length >= 4)
  const paths = secretFieldNames.flatMap(name => [name, `*.${name}`, `*.*.${name}`])
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    redact: { paths, censor: '[secret]' },
    hooks: {
      streamWrite: line => secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), line),
    },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
}
