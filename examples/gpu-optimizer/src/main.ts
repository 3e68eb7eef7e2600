import { constants, existsSync } from 'node:fs'
import { access, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AutomationError, canonicalJson, describeError, InvalidInputError, systemClock } from '@org/core'
import { compareInBackground } from './compare-in-background.ts'
import { readGpus, sandboxGpus } from './gpus.ts'
import { chooseMode } from './mode.ts'
import { type Options, parseOptions, refuseSandboxOptions, usage } from './options.ts'
import { budgetsText, comparisonText, decisionsText, kpisText, outcomesText } from './print-report.ts'
import { type ProgramConfig, readProgramConfig } from './program-config.ts'
import { progressBar } from './progress-bar.ts'
import { runReal } from './real.ts'
import { runSandbox } from './sandbox.ts'
import { simulatedMachines } from './simulated-machines.ts'

const print = (text: string) => console.log(text)

try {
  const options = parseOptions(process.argv.slice(2))
  if (options.help) print(usage)
  else await start(options)
} catch (error) {
  // What we throw on purpose is one line that says what to do; anything else is a bug and shows itself whole.
  if (!AutomationError.isInstance(error)) throw error
  console.error(`${error.code}: ${error.shortMessage}`)
  process.exitCode = 2
}

async function start(options: Options): Promise<void> {
  const apiKey = process.env['VAST_AI_API_KEY']
  const mode = chooseMode({ live: options.live, apiKey, gpus: options.gpus })
  const gpus = options.gpus === undefined ? sandboxGpus : await readGpus(options.gpus)
  const config = await readProgramConfig(options.config)
  if (mode === 'sandbox') return sandbox(options, gpus, config)
  refuseSandboxOptions(process.argv.slice(2))
  print(
    mode === 'live'
      ? 'Live: acts on the real marketplace. Ctrl-C stops after the scan under way; machines stay listed.'
      : 'Dry run: reads the real marketplace, changes nothing. Add --live to act. Ctrl-C stops.',
  )
  if (options.gpus === undefined)
    print(
      `Without --gpus FILE it looks for the example's machines ${gpus.map(({ machineId }) => machineId).join(' and ')}, which are not yours.`,
    )
  const stop = new AbortController()
  process.once('SIGINT', () => {
    process.once('SIGINT', () => process.exit(130))
    stop.abort()
  })
  process.once('SIGTERM', () => stop.abort())
  const baseUrl = process.env['VAST_URL']
  await runReal({
    clock: systemClock,
    mode,
    apiKey: apiKey ?? '',
    baseUrl,
    gpus,
    config,
    policy: options.policy,
    folder: options.data ?? `.automate/${mode}`,
    signal: stop.signal,
    print,
  })
}

async function sandbox(
  options: Options,
  gpus: Awaited<ReturnType<typeof readGpus>>,
  config: ProgramConfig,
): Promise<void> {
  const { days, seed, policy, data } = options
  if (options.json !== undefined) await requireWritable(options.json)
  const startedMs = performance.now()
  const bar = progressBar(process.stderr, `${days} days`)
  print(
    `Simulated market on 127.0.0.1, seed ${seed}: ${gpus.length} GPUs, ${days} days, policy ${policy}. No key, nothing real.\n`,
  )
  let since = ''
  await using comparing = compareInBackground({ machines: simulatedMachines(gpus), days, seed })
  const run = await runSandbox({
    gpus,
    config,
    days,
    seed,
    policy,
    folder: data ?? '.automate/sandbox',
    onResumed: atMs => {
      since = ` since ${new Date(atMs).toISOString()}`
      print(`The run that was cut off goes on at ${new Date(atMs).toISOString()}.\n`)
    },
    onProgress: share => bar(share, performance.now() - startedMs),
  })
  const comparison = await comparing.result
  print(
    [
      decisionsText(run.decisions),
      outcomesText(run.outcomes),
      kpisText(run.kpis),
      budgetsText(run.budgets),
      ...comparison.map(comparisonText),
      `${run.scans.toLocaleString('en-US')} scans, ${run.requests.toLocaleString('en-US')} requests over HTTP${since} in ${((performance.now() - startedMs) / 1000).toFixed(1)} s; journal ${run.journalDigest.slice(0, 16)}…`,
    ].join('\n\n'),
  )
  if (options.json !== undefined) {
    const { kpis, decisions, outcomes, budgets, journalDigest } = run
    await writeFile(
      options.json,
      `${canonicalJson({ days, seed, policy, kpis, decisions, outcomes, budgets, comparison, journalDigest })}\n`,
    )
  }
}

/** Before half a minute of work rather than after it. The file appears with its results, not before. */
async function requireWritable(file: string): Promise<void> {
  try {
    await access(existsSync(file) ? file : dirname(resolve(file)), constants.W_OK)
  } catch (cause) {
    throw new InvalidInputError({
      code: 'JSON_UNWRITABLE',
      message: `cannot write --json ${file}: ${describeError(cause)}`,
      cause,
    })
  }
}
