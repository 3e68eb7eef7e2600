import { readFileSync } from 'node:fs'
import { Argument, Command, Option } from 'commander'
import { type Answer, envelope } from './answer.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import type { ScopeOptions } from './scope-options.ts'
import type { Context, Surroundings } from './surroundings.ts'

/** Where `npm start -- --live` keeps its budget. */
const defaultStore = '.automate/live/live.db'

const watchEveryMs = 2_000

type Decision = ScopeOptions & { readonly reason: string; readonly by: string }

/** A run's end, filled in by the command that ran. */
export interface Run {
  exitCode: ExitCode
  /** Which command, as far as it was recognised: `budget show`. */
  command: string
}

/**
 * The commands, their flags and help. What a command does is loaded when it is run: help must come at once.
 *
 * @param options.isCompleting A shell asks what may be typed next.
 */
export function createProgram(
  surroundings: Surroundings,
  run: Run,
  { isCompleting }: { readonly isCompleting: boolean },
): Command {
  const { env, who, out, err, signal } = surroundings
  const by = `${who} via automate`

  const contextOf = async (command: Command): Promise<Context> => {
    const { store = env['AUTOMATE_STORE'] || defaultStore, json = false } = command.optsWithGlobals<{
      store?: string
      json?: boolean
    }>()
    const clock = surroundings.clock ?? (await import('@org/core')).systemClock
    return { ...surroundings, clock, store, isJson: json }
  }

  const answer = async (command: Command, work: (context: Context) => Promise<Answer | undefined>) => {
    run.command = pathOf(command)
    const context = await contextOf(command)
    const said = await work(context)
    if (said === undefined) return
    await out(context.isJson ? envelope(run.command, said.data) : said.text)
    for (const note of said.notes ?? []) err(`${note}\n`)
    run.exitCode = said.exitCode ?? exitCodes.ok
  }

  const add = (parent: Command, signature: string, summary: string, example: string): Command =>
    parent.command(signature).description(summary).addHelpText('after', `\nExample:\n  $ automate ${example}`)

  const decision = (command: Command): Command =>
    command
      .option('--reason <text>', 'why; it is written into the journal (required)')
      .option('--by <name>', 'who; it is written into the journal', by)
      // Not a required option of the library's: that would be missed first, and a mistyped flag beside it not be named.
      .hook('preAction', () => {
        if (command.opts<Partial<Decision>>().reason === undefined) command.error('error: say why with --reason <text>')
      })

  const scoped = (command: Command): Command =>
    command
      .option('--domain <name>', 'only this domain')
      .option('--strategy <id>', 'only this strategy')
      .option('--venue <id>', 'only this venue')
      .option('--asset <name>', 'only this asset')

  const program = new Command('automate')
    .description('Looks after the bots on one store: what they may lose, what they do, why; stops and resumes them.')
    .version(versionOfPackage(), '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: text => void out(text),
      writeErr: err,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ showGlobalOptions: true })
    .addOption(new Option('-s, --store <file>', `the store (default: AUTOMATE_STORE or ${defaultStore})`))
    .option('--json', 'data as one line: {"version":1,"command":…,"data":…}')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 something was found wrong, 2 mistyped or refused, 3 the store cannot be used, 70 a fault of automate.',
    )

  add(program, 'status', 'what is halted, what is left, what is open and at stake', 'status --watch')
    .option('-w, --watch', 'again every two seconds, until Ctrl-C')
    .action(({ watch = false }: { watch?: boolean }, command: Command) =>
      answer(command, async context => {
        const { status } = await import('./commands/status.ts')
        while (watch && !signal.aborted) {
          const { data, text, notes = [] } = await status(context)
          await out(context.isJson ? envelope('status', data) : `${text}\n`)
          for (const note of notes) err(`${note}\n`)
          await context.clock.sleep(watchEveryMs, { signal }).catch(() => undefined)
        }
        return watch ? undefined : status(context)
      }),
    )

  const budget = program.command('budget').description('look at limits and set them')
  add(budget, 'show [name]', 'what may still be lost and spent', 'budget show max_daily_loss').action(
    (name: string | undefined, _: object, command: Command) =>
      answer(command, async context => (await import('./commands/budget.ts')).showBudgets(context, name)),
  )
  decision(
    add(
      budget,
      'set <name> <limit>',
      'set a limit for every process on the store, at once',
      'budget set max_daily_loss 250 --reason "half until Monday"',
    ),
  ).action((name: string, limit: string, options: Decision, command: Command) =>
    answer(command, async context => (await import('./commands/budget.ts')).setBudget(context, name, limit, options)),
  )
  add(budget, 'history [name]', 'who set which limit when, what tripped', 'budget history max_daily_loss').action(
    (name: string | undefined, _: object, command: Command) =>
      answer(command, async context => (await import('./commands/budget.ts')).budgetHistory(context, name)),
  )

  scoped(
    decision(
      add(
        program,
        'halt',
        'the kill switch: refuse new risk everywhere or in a scope; what reduces risk passes',
        'halt --venue vastai --reason "prices look wrong"',
      ),
    ),
  ).action((options: Decision, command: Command) =>
    answer(command, async context => (await import('./commands/halt.ts')).halt(context, options)),
  )
  scoped(
    decision(
      add(
        program,
        'resume',
        'end a halt of exactly this scope',
        'resume --venue vastai --reason "prices are right again"',
      ),
    ),
  ).action((options: Decision, command: Command) =>
    answer(command, async context => (await import('./commands/halt.ts')).resume(context, options)),
  )
  scoped(
    decision(
      add(
        program,
        'rearm <name>',
        'lift the lock of a breaker or drawdown that has tripped',
        'rearm max_drawdown --reason "the cause was a bad feed"',
      ),
    ),
  ).action((name: string, options: Decision, command: Command) =>
    answer(command, async context => (await import('./commands/rearm.ts')).rearm(context, name, options)),
  )

  const journal = program.command('journal').description('what happened and why')
  add(journal, 'tail', 'the newest entries', 'journal tail --count 50')
    .option('-n, --count <number>', 'how many', '20')
    .action(({ count }: { count: string }, command: Command) =>
      answer(command, async context => (await import('./commands/journal.ts')).tailJournal(context, count)),
    )
  add(journal, 'why <id>', 'one decision in plain words', 'journal why gpu-optimizer-mjyv9k00-1x8fk3q').action(
    (id: string, _: object, command: Command) =>
      answer(command, async context => (await import('./commands/journal.ts')).explain(context, id)),
  )
  add(journal, 'verify', 'read the whole file and prove that nothing in it was changed', 'journal verify').action(
    (_: object, command: Command) =>
      answer(command, async context => (await import('./commands/journal.ts')).verifyJournal(context)),
  )
  add(
    journal,
    'export [file]',
    'all entries as lines of JSON, on stdout or in a new file',
    'journal export journal.jsonl',
  ).action((file: string | undefined, _: object, command: Command) =>
    answer(command, async context => (await import('./commands/journal.ts')).exportJournal(context, file)),
  )

  add(program, 'replay', 'rebuild every budget from the journal alone and compare', 'replay').action(
    (_: object, command: Command) =>
      answer(command, async context => (await import('./commands/replay.ts')).replay(context)),
  )
  add(program, 'backup <to>', 'copy the store into a new file, beside running bots', 'backup monday.db').action(
    (to: string, _: object, command: Command) =>
      answer(command, async context => (await import('./commands/backup.ts')).backup(context, to)),
  )
  add(
    program,
    'restore <from>',
    'make the store from a backup; end every bot on it first',
    'restore monday.db --set-aside',
  )
    .option('--set-aside', 'keep what stands there under another name, instead of refusing')
    .action((from: string, options: { setAside?: boolean }, command: Command) =>
      answer(command, async context => (await import('./commands/restore.ts')).restore(context, from, options)),
    )
  decision(
    add(
      program,
      'time-back',
      "set the ledger's time back to this clock, after a wrong clock took it ahead",
      'time-back --reason "the clock of host b was a day ahead"',
    ),
  ).action((options: Decision, command: Command) =>
    answer(command, async context => (await import('./commands/time-back.ts')).timeBack(context, options)),
  )
  add(program, 'doctor', 'look for what commonly stands in the way', 'doctor').action((_: object, command: Command) =>
    answer(command, async context => (await import('./commands/doctor.ts')).doctor(context)),
  )
  // While a shell asks for completions the library brings its own.
  if (!isCompleting)
    add(program, 'completion', 'print the script that completes commands and flags', 'completion bash >> ~/.bashrc')
      .addArgument(new Argument('<shell>').choices(['zsh', 'bash', 'fish', 'powershell']))
      .action(async (shell: string) => (await import('./completion.ts')).printScript(shell))
  return program
}

/** `budget show`, without the program's name. */
function pathOf(command: Command): string {
  const names: string[] = []
  for (let current: Command | null = command; current?.parent; current = current.parent) names.unshift(current.name())
  return names.join(' ')
}

function versionOfPackage(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
