import type { InstanceSearch, VastAiClient } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import { type Commands, NotExpressed } from '../command.ts'
import { readDateMs } from './dates.ts'

const listColumns =
  'id actual_status label num_gpus gpu_name gpu_util disk_space disk_usage disk_util volume_info dph_total image_uuid start_date verification'
const verboseColumns = `${listColumns} machine_id template_id template_name geolocation inet_up inet_down ssh_host ssh_port status_msg`
const schedule = '--schedule= --start_date= --end_date= --day= --hour='

async function showInstances(client: VastAiClient, given: Arguments, isTable = !given.isLegacy): Promise<void> {
  const isRaw = given.flag('--raw')
  const isQuiet = given.flag('--quiet')
  const after = given.text('--next-token')
  const limit = given.number('--limit')
  const isOnePage = !given.flag('--all') && (after !== undefined || limit !== undefined)
  const search: InstanceSearch = {
    filter: {
      actual_status: given.list('--status'),
      label: given.list('--label')?.map(label => (label === '' ? null : label)),
      gpu_name: given.list('--gpu-name'),
      verification: given.list('--verification'),
    },
    order: given.list('--order-by')?.map(text => {
      const [column = '', direction] = text.split(/\s+/)
      return [column, direction?.toLowerCase() === 'desc' ? 'desc' : 'asc']
    }),
    columns: isRaw || !isTable ? undefined : (given.flag('--verbose') ? verboseColumns : listColumns).split(' '),
    pageSize: limit === undefined ? undefined : Math.max(1, Math.min(25, limit)),
    after,
  }
  if (!isRaw && !isQuiet && isTable) await client.instances.filters()
  if (isOnePage) await client.instances.listPage(search)
  else await client.instances.list(search)
}

async function answerIncreases(client: VastAiClient, given: Arguments, verb: 'accept' | 'reject'): Promise<void> {
  const pending = await client.instances.priceIncreases.list()
  for (const id of given.ids) {
    const row = pending.find(({ contract_id }) => contract_id === id)
    if (row !== undefined) await client.instances.priceIncreases[verb](row.pending_price_increase_id)
  }
}

/** What a `--schedule` beside a command adds. */
async function scheduleJob(client: VastAiClient, given: Arguments, endpoint: string, body: object): Promise<void> {
  const start = given.text('--start_date')
  const end = given.text('--end_date')
  if (start === undefined || end === undefined)
    throw new NotExpressed('a schedule from now on cannot be compared by value')
  const hour = Number(given.text('--hour') ?? '0')
  const day = given.text('--day') ?? '0'
  const frequency = given.text('--schedule')
  await client.scheduledJobs.create({
    instanceId: given.id(),
    endpoint,
    method: 'PUT',
    body: { ...body, instance_id: given.id() },
    startMs: readDateMs(start),
    endMs: readDateMs(end),
    every:
      frequency === 'HOURLY'
        ? { frequency }
        : frequency === 'DAILY'
          ? { frequency, hour }
          : { frequency: 'WEEKLY', day: Number(day), hour },
  })
}

export const instanceCommands: Commands = {
  'show instances': {
    options:
      '-q,--quiet -v,--verbose -a,--all -s,--status+ --label+ --gpu-name+ --verification+ -l,--limit= -t,--next-token= --order-by* --cols=',
    run: (client, given) => showInstances(client, given),
  },
  // The single-file client's name for what the other calls `show instances`.
  'show instances-v1': {
    options:
      '-q,--quiet -v,--verbose -a,--all -s,--status+ --label+ --gpu-name+ --verification+ -l,--limit= -t,--next-token= --order-by* --cols=',
    run: (client, given) => showInstances(client, given, true),
  },
  'show instance': { options: '-q,--quiet', run: (client, given) => client.instances.get(given.id()) },
  'start instance': { options: '', run: (client, given) => client.instances.start(given.id()) },
  'start instances': { options: '', run: (client, given) => client.instances.startMany(given.ids) },
  'stop instance': { options: '', run: (client, given) => client.instances.stop(given.id()) },
  'stop instances': { options: '', run: (client, given) => client.instances.stopMany(given.ids) },
  'destroy instance': { options: '-y,--yes', run: (client, given) => client.instances.destroy(given.id()) },
  'destroy instances': {
    options: '-y,--yes',
    run: async (client, given) => {
      if (!given.isLegacy) return client.instances.destroyMany(given.ids)
      for (const id of given.ids) await client.instances.destroy(id)
    },
  },
  'label instance': {
    options: '',
    run: (client, given) => client.instances.label(given.id(), given.positionals[1] ?? ''),
  },
  'reboot instance': {
    options: schedule,
    run: async (client, given) => {
      await client.instances.reboot(given.id())
      if (given.flag('--schedule')) await scheduleJob(client, given, `/api/v0/instances/reboot/${given.id()}/`, {})
    },
  },
  'recycle instance': { options: '', run: (client, given) => client.instances.recycle(given.id()) },
  'change bid': {
    options: `--price= ${schedule}`,
    run: (client, given) => {
      const price = given.number('--price') ?? null
      if (!given.flag('--schedule')) return client.instances.changeBid(given.id(), price)
      return scheduleJob(client, given, `/api/v0/instances/bid_price/${given.id()}/`, { client_id: 'me', price })
    },
  },
  'prepay instance': { options: '', run: (client, given) => client.instances.prepay(given.id(), given.id(1)) },
  'update instance': {
    options: '--template_id= --template_hash_id= --image= --args= --env= --onstart=',
    run: (client, given) => {
      const env = given.text('--env')
      return client.instances.updateTemplate(given.id(), {
        templateId: given.number('--template_id'),
        templateHashId: given.text('--template_hash_id'),
        image: given.text('--image'),
        args: given.text('--args'),
        env: env === undefined ? undefined : JSON.parse(env),
        onstart: given.text('--onstart'),
      })
    },
  },
  execute: {
    options: schedule,
    run: async (client, given) => {
      const command = given.positionals[1] ?? ''
      await client.instances.execute(given.id(), command)
      if (given.flag('--schedule'))
        await scheduleJob(client, given, `/api/v0/instances/command/${given.id()}/`, { command })
    },
  },
  'ssh-url': { options: '', run: client => client.instances.list() },
  'scp-url': { options: '', run: client => client.instances.list() },
  logs: {
    options: '--tail= --filter= --daemon-logs',
    run: (client, given) => {
      const tailLines = given.number('--tail')
      const filter = given.text('--filter')
      return client.instances.logs(given.id(), {
        ...(tailLines === undefined ? {} : { tailLines }),
        ...(filter === undefined ? {} : { filter }),
        daemon: given.flag('--daemon-logs'),
      })
    },
  },
  'attach ssh': {
    options: '',
    run: (client, given) => client.instances.attachSshKey(given.id(), given.positionals[1] ?? ''),
  },
  'detach ssh': { options: '', run: (client, given) => client.instances.detachSshKey(given.id(), given.id(1)) },
  'show deposit': { options: '', run: (client, given) => client.instances.balance(given.id()) },
  'show pending-price-increases': { options: '-q,--quiet', run: client => client.instances.priceIncreases.list() },
  'accept price-increase': { options: '-y,--yes', run: (client, given) => answerIncreases(client, given, 'accept') },
  'reject price-increase': { options: '-y,--yes', run: (client, given) => answerIncreases(client, given, 'reject') },
}
