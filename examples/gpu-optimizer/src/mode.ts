import { InvalidInputError } from '@org/core'

/** `sandbox` simulated market; `dry-run` real market, read only; `live` real market, real money. */
export type Mode = 'sandbox' | 'dry-run' | 'live'

/**
 * Real by choice only: no key means the simulator, a key alone means looking, and only a key with `--live` acts, on
 * machines that were named.
 *
 * @throws {InvalidInputError} `NO_API_KEY` for `--live` without a key; `NO_GPUS` for `--live` without a file of one's own machines.
 */
export function chooseMode(options: {
  readonly live: boolean
  readonly apiKey: string | undefined
  readonly gpus: string | undefined
}): Mode {
  const hasKey = options.apiKey !== undefined && options.apiKey.trim() !== ''
  if (options.live && !hasKey)
    throw new InvalidInputError({
      code: 'NO_API_KEY',
      message:
        '--live needs an API key: export VAST_AI_API_KEY=… (console.vast.ai, account settings), or leave --live out to simulate',
    })
  if (!hasKey) return 'sandbox'
  if (options.live && options.gpus === undefined)
    throw new InvalidInputError({
      code: 'NO_GPUS',
      message:
        '--live needs --gpus FILE, a JSON list of your own machines: those of the sandbox are an example, and nothing is done to machines that you did not name',
    })
  return options.live ? 'live' : 'dry-run'
}
