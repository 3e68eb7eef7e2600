import type { LedgerSearch } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import { type Commands, NotExpressed } from '../command.ts'
import { readDateMs } from './dates.ts'

const dayMs = 86_400_000
const weekMs = 7 * dayMs

const services: Readonly<Record<string, string>> = {
  transfers: 'transfer',
  stripe: 'stripe_payments',
  reserved: 'instance_prepay',
  payout_paypal: 'paypal_manual',
  payout_wise: 'wise_manual',
}

/** Without dates the official client asks for the time before now, which cannot be compared by value. */
function dates(given: Arguments, start: string, end: string): { from: number | undefined; to: number | undefined } {
  const from = given.text(start)
  const to = given.text(end)
  if (from === undefined && to === undefined) throw new NotExpressed('a period up to now cannot be compared by value')
  return {
    from: from === undefined ? undefined : readDateMs(from),
    to: to === undefined ? undefined : readDateMs(to),
  }
}

function bothDates(given: Arguments): { from: number; to: number } {
  // These two commands do not read epoch seconds, and take the time before now instead.
  const isEpoch = ['--start_date', '--end_date'].some(name => /^\d+$/.test(given.text(name) ?? ''))
  if (isEpoch) throw new NotExpressed('a period up to now cannot be compared by value')
  const { from, to } = dates(given, '--start_date', '--end_date')
  if (from === undefined || to === undefined) throw new NotExpressed('a period up to now cannot be compared by value')
  return { from, to }
}

function ledgerSearch(given: Arguments): LedgerSearch {
  const { from, to } = dates(given, '--start-date', '--end-date')
  return {
    fromMs: from ?? (to ?? 0) - weekMs,
    toMs: to ?? (from ?? 0) + weekMs,
    latestFirst: given.flag('--latest-first'),
    limit: Math.min(100, given.number('--limit') ?? 20),
    after: given.text('--next-token'),
  }
}

const chargeTypes = { i: 'instance', v: 'volume', s: 'serverless' } as const

export const accountCommands: Commands = {
  'show user': { options: '-q,--quiet', run: client => client.users.current() },
  'show ipaddrs': { options: '', run: client => client.users.ipAddresses() },
  'show subaccounts': { options: '-q,--quiet', run: client => client.users.subaccounts() },
  'show audit-logs': { options: '', run: client => client.auditLogs.list() },
  'show api-keys': { options: '', run: client => client.users.apiKeys.list() },
  'show api-key': { options: '', run: (client, given) => client.users.apiKeys.get(given.id()) },
  'create api-key': {
    options: '--name= --permission_file= --key_params=',
    run: (client, given) => {
      if (given.flag('--permission_file'))
        throw new NotExpressed("reading permissions from a file is the caller's part")
      const keyParams = given.text('--key_params')
      return client.users.apiKeys.create({
        name: given.text('--name') ?? '',
        ...(keyParams === undefined ? {} : { keyParams }),
      })
    },
  },
  'delete api-key': { options: '', run: (client, given) => client.users.apiKeys.delete(given.id()) },
  'show ssh-keys': { options: '', run: client => client.sshKeys.list() },
  'create ssh-key': { options: '-y,--yes', run: (client, given) => client.sshKeys.create(given.positionals[0] ?? '') },
  'update ssh-key': {
    options: '',
    run: (client, given) => client.sshKeys.update(given.id(), given.positionals[1] ?? ''),
  },
  'delete ssh-key': { options: '', run: (client, given) => client.sshKeys.delete(given.id()) },
  'show env-vars': { options: '-s,--show-values', run: client => client.envVars.list() },
  'create env-var': {
    options: '',
    run: (client, given) => client.envVars.create(given.positionals[0] ?? '', given.positionals[1] ?? ''),
  },
  'update env-var': {
    options: '',
    run: (client, given) => client.envVars.update(given.positionals[0] ?? '', given.positionals[1] ?? ''),
  },
  'delete env-var': { options: '', run: (client, given) => client.envVars.delete(given.positionals[0] ?? '') },
  'show scheduled-jobs': { options: '', run: client => client.scheduledJobs.list() },
  'delete scheduled-job': { options: '', run: (client, given) => client.scheduledJobs.delete(given.id()) },
  'show earnings': {
    options: '-q,--quiet -s,--start_date= -e,--end_date= -m,--machine_id=',
    run: (client, given) => {
      const { from, to } = bothDates(given)
      const machineId = given.number('--machine_id')
      return client.earnings.get({ fromDay: from / dayMs, toDay: to / dayMs, machineId })
    },
  },
  'show invoices': {
    options: '-q,--quiet -s,--start_date= -e,--end_date= -c,--only_charges -p,--only_credits --instance_label=',
    run: (client, given) => {
      const { from, to } = bothDates(given)
      return client.invoices.listOld({ fromMs: from, toMs: to, charges: !given.flag('--only_credits') })
    },
  },
  'show invoices-v1': {
    options:
      '-i,--invoices -it,--invoice-type+ -c,--charges -ct,--charge-type+ -s,--start-date= -e,--end-date= -l,--limit= -t,--next-token= ' +
      '-f,--format= -v,--verbose --latest-first',
    run: (client, given) => {
      const search = ledgerSearch(given)
      if (!given.flag('--charges')) {
        const names = given.list('--invoice-type')?.map(name => services[name] ?? name)
        return client.invoices.list({ ...search, ...(names === undefined ? {} : { services: names }) })
      }
      const types = given
        .list('--charge-type')
        ?.map(name => chargeTypes[name as keyof typeof chargeTypes] ?? (name as 'instance'))
      return client.invoices.charges({
        ...search,
        ...(types === undefined ? {} : { types }),
        format: given.text('--format') === 'tree' ? 'tree' : 'table',
      })
    },
  },
}
