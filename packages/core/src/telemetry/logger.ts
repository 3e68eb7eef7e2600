import { type DestinationStream, type LoggerOptions, pino } from 'pino'
import { cutSecrets } from '../errors/cut-secrets.ts'
import { redact } from './redact.ts'

/** Structured logging; the part of pino's interface that the framework uses. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Logger
}

/** Shorter ones would blank out ordinary text. */
const secretLengthMin = 4

/**
 * A pino logger that leaves secrets out: fields with such names at any depth, what looks like a key in any text, and the given values
 * wherever they stand in a line, also escaped or encoded.
 *
 * @param options `level` as in pino, default `info`; `secrets` are values (keys in use) of at least four characters.
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
  const forms = (options.secrets ?? [])
    .filter(secret => secret.length >= secretLengthMin)
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
  const settings: LoggerOptions = {
    level: options.level ?? 'info',
    base: null,
    hooks: { streamWrite: line => forms.reduce((text, form) => text.replaceAll(form, '[secret]'), line) },
  }
  return redacting(options.destination === undefined ? pino(settings) : pino(settings, options.destination))
}

/** Says nothing. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
}

function redacting(sink: pino.Logger): Logger {
  const say = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: object, message: string) => {
    if (sink.isLevelEnabled(level)) sink[level](redact(fields), cutSecrets(message))
  }
  return {
    debug: say('debug'),
    info: say('info'),
    warn: say('warn'),
    error: say('error'),
    child: fields => redacting(sink.child(redact(fields))),
  }
}
