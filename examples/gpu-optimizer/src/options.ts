import { parseArgs } from 'node:util'
import { InvalidInputError } from '@org/core'
import { z } from 'zod'

/** The pricing policies by the names they have on the command line. */
export const policyNames = ['expected-income', 'two-price', 'idle-ladder', 'guide-rule', 'opening-median'] as const
export type PolicyName = (typeof policyNames)[number]

export const usage = `npm start -- [options]

  --days N        simulated days (1 to 365)                       default 30
  --seed N        the market's seed, any whole number             default 7
  --gpus FILE     JSON list of your GPUs                          default two machines with an RTX 4090
  --config FILE   JSON: {"optimizer": {…}, "limits": {"dailyLoss": 20, "operatingCostPerDay": 30, "changesPerHour": 12}}
  --policy P      ${policyNames.join(', ')}
                                                                  default expected-income
  --data DIR      where the run keeps budget and memory; one that was cut off goes on there
                                                                  default .automate/ and sandbox, dry-run or live
  --json FILE     also write the results as JSON
  --live          act on the real marketplace; needs VAST_AI_API_KEY and --gpus
  --help          this text

Without VAST_AI_API_KEY everything happens in a simulated market on this machine.
With it and without --live the real market is read and nothing is changed.`

const wholeNumber = (what: string, min: number, max: number) => {
  const error = `expected ${what} from ${min} to ${max}`
  return z.coerce.number(error).int(error).min(min, error).max(max, error)
}

const optionsSchema = z.object({
  days: wholeNumber('whole days', 1, 365).default(30),
  seed: wholeNumber('a whole number', 0, 4_294_967_295).default(7),
  policy: z.enum(policyNames).default('expected-income'),
  gpus: z.string().min(1).optional(),
  config: z.string().min(1).optional(),
  data: z.string().min(1).optional(),
  json: z.string().min(1).optional(),
  live: z.boolean().default(false),
  help: z.boolean().default(false),
})

export type Options = z.infer<typeof optionsSchema>

/** Options that mean something in the sandbox alone. */
const sandboxOnly = ['days', 'seed', 'json'] as const

/**
 * On the real market there are no days, no seed and no end at which results would be written.
 *
 * @throws {InvalidInputError} `INVALID_OPTION` where one of them was typed.
 */
export function refuseSandboxOptions(args: readonly string[]): void {
  const typed = sandboxOnly.find(name => args.some(arg => arg === `--${name}` || arg.startsWith(`--${name}=`)))
  if (typed === undefined) return
  throw new InvalidInputError({
    code: 'INVALID_OPTION',
    message: `--${typed} belongs to the simulated market; with VAST_AI_API_KEY set the real one is read: leave --${typed} out, or unset the key`,
  })
}

/**
 * What was typed behind `npm start --`. A flag that is not known never runs anything.
 *
 * @throws {InvalidInputError} `INVALID_OPTION` with the flag and what was expected.
 */
export function parseOptions(args: readonly string[]): Options {
  let values: Record<string, unknown>
  try {
    values = parseArgs({
      args: [...args],
      strict: true,
      allowPositionals: false,
      options: {
        days: { type: 'string' },
        seed: { type: 'string' },
        policy: { type: 'string' },
        gpus: { type: 'string' },
        config: { type: 'string' },
        data: { type: 'string' },
        json: { type: 'string' },
        live: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (cause) {
    const said = cause instanceof Error ? (cause.message.split('. ', 1)[0] ?? '') : String(cause)
    throw new InvalidInputError({
      code: 'INVALID_OPTION',
      message: `${said}; npm start -- --help lists the options`,
      cause,
    })
  }
  const parsed = optionsSchema.safeParse(values)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidInputError({
    code: 'INVALID_OPTION',
    message: `--${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not usable'}, was ${JSON.stringify(values[String(issue?.path[0])])}`,
  })
}
