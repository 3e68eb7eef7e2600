import type { Case } from './case.ts'

/** Commands that our client leaves out on purpose, by their first words; the reasons are for people. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:copy|cancel copy|cancel sync|cloud copy|show connections)\b/,
    'files are moved with rsync or rclone, not through this client',
  ],
  [/^transfer credit\b/, 'money is moved by hand, in the console'],
  [/^take snapshot\b/, 'it would send the password of a registry'],
  [
    /^(?:set user|create subaccount|set api-key|reset api-key|tfa)\b/,
    'accounts and passwords are managed in the console',
  ],
  [/^\w+ (?:team|teams|member|members|team-\w+)\b/, 'teams are managed in the console'],
  [
    /^\w+ (?:endpoints?|workergroups?|endpt-logs|wrkgrp-logs|deployments?)\b/,
    'serverless endpoints are another product',
  ],
  [
    /^\w+ (?:\w+-from-)?(?:clusters?|overlays?|network[- ]\w+)\b/,
    'clusters and network disks belong to few hosts, and have no stable API',
  ],
  [/^(?:self-test|dump|run benchmarks)\b/, 'it is a program of its own rather than a call'],
]

/** Why our client does not express a case, or `undefined` when it shall. */
export function notExpressed(each: Case): string | undefined {
  const command = each.cli.replace(/^.*?(?:vastai|vast\.py)\s+/, '')
  return patterns.find(([pattern]) => pattern.test(command))?.[1]
}
