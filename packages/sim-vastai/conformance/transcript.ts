/** What one session typed and read. */
export interface Part {
  readonly version: string
  readonly simulatorArgs: readonly string[]
  /** Checked steps. */
  readonly steps: number
  /** Markdown. */
  readonly lines: string
}

/** The page `docs/official-cli-session.md`. */
export function transcriptDocument(parts: readonly Part[]): string {
  const steps = parts.reduce((sum, part) => sum + part.steps, 0)
  const sections = parts.map(
    part =>
      `## Simulator started with \`--speed 0 ${part.simulatorArgs.join(' ')}\`, ${part.steps} steps\n${part.lines}`,
  )
  return `# The official CLI against the simulator

The unmodified official client, Python package \`vastai\` ${parts[0]?.version ?? ''}, installed with pip into a temporary folder, drives
\`@org/sim-vastai\` started by its own command. ${steps} steps, each checked: what the client printed, and what the market says afterwards.
Time stands still while a command runs; the session lets a minute pass after each, and longer where a step says so. Long output is cut.

Written by

    npm run -s conformance:vastai-cli -- --transcript docs/official-cli-session.md

Without \`--transcript\` the command only checks. \`--version 1.5.2\` takes that version of the client instead of the newest. Two runs with the
same client write the same page: the seed decides machines, renters, ids and keys; ports, folders, keys and ages are replaced.

${sections.join('\n')}
`.replaceAll(/\n{3,}/g, '\n\n')
}
