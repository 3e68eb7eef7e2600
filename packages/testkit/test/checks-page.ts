import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type StrategyCheck, strategyChecks, type VenueCheck, venueChecks } from '@org/testkit'

/** Where the page stands. */
export const checksPage = join(resolve(import.meta.dirname, '..'), 'CHECKS.md')

/** Every check of venues and strategies as a card, from the checks themselves. */
export function checksPageText(): string {
  return `# What is checked

Written by \`npm run -s checks:page -w @org/testkit\` from the checks themselves. A number keeps its meaning for ever.

## Venues

Each check gets a market of its own, behind a proxy that goes wrong on purpose, on virtual time. The law of effects, which all of VC-60 to VC-76 rest on: a receipt
only when the market has done it once, \`none\` only when it has not, \`done\` only when it has, \`unknown\` always; and never twice.

${venueChecks.map(card).join('\n')}
## Strategies

Each check gets a market of its own, behind the real gate, on the real ledger, on virtual time and seeded chance.

${strategyChecks.map(card).join('\n')}`
}

function card({ id, promise, prerequisite, action, passes }: VenueCheck | StrategyCheck): string {
  return `**${id}** ${promise}\n- _Given_ ${prerequisite}\n- _when_ ${action}\n- _passes_ ${passes}\n`
}

if (process.argv[1] === import.meta.filename) writeFileSync(checksPage, checksPageText())
