import { CommanderError } from 'commander'
import { errorEnvelope } from './answer.ts'
import { type ExitCode, exitCodeOf, exitCodes } from './exit-code.ts'
import { createProgram, type Run } from './program.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * Runs one command line, without the program's name before it. Never throws: what went wrong is on `err`, in the exit code and, with
 * `--json`, in an envelope with `error` in place of `data`.
 *
 * @example
 * process.exitCode = await automate(['halt', '--reason', 'prices look wrong'], surroundings)
 */
export async function automate(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const run: Run = { exitCode: exitCodes.ok, command: '' }
  const fail = async (exitCode: ExitCode, code: string, message: string) => {
    if (args.includes('--json')) await surroundings.out(errorEnvelope(run.command, { code, message }))
    return exitCode
  }
  try {
    const isCompleting = args[0] === 'complete'
    const program = createProgram(surroundings, run, { isCompleting })
    if (isCompleting) (await import('./completion.ts')).answerShell(program)
    await program.parseAsync([...args], { from: 'user' })
    return run.exitCode
  } catch (error) {
    // The library has said it already; asked-for help is no error.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : fail(exitCodes.usage, 'USAGE', error.message)
    // Not before: help must come at once.
    const { AutomationError, describeError } = await import('@org/core')
    if (AutomationError.isInstance(error)) {
      surroundings.err(`${error.code}: ${error.shortMessage}\n`)
      return fail(exitCodeOf(error.code), error.code, error.shortMessage)
    }
    surroundings.err(`${error instanceof Error ? error.stack : describeError(error)}\n`)
    return fail(exitCodes.bug, 'BUG', describeError(error))
  }
}
