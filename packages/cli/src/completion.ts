import tab from '@bomb.sh/tab'
import addTo from '@bomb.sh/tab/commander'
import type { Command } from 'commander'

/** Writes the script for `shell` to stdout. */
export function printScript(shell: string): void {
  tab.setup('automate', 'automate', shell)
}

/** Adds the command that the script asks at each press of the key; it writes to stdout itself. */
export function answerShell(program: Command): void {
  addTo(program, { completionCommandName: 'completion' })
}
