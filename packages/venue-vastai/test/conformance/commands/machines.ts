import type { ListingWrite, MarketPart, VastAiClient } from '../../../src/index.ts'
import type { Arguments } from '../arguments.ts'
import { type Commands, NotExpressed } from '../command.ts'
import { readDateMs } from './dates.ts'

const listing =
  '-g,--price_gpu= -s,--price_disk= -u,--price_inetu= -d,--price_inetd= -b,--price_min_bid= -r,--discount_rate= -m,--min_chunk= ' +
  '-e,--end_date= -l,--duration= -v,--vol_size= -z,--vol_price='

async function listMachines(client: VastAiClient, given: Arguments): Promise<void> {
  for (const id of given.ids) await client.machines.writeListing(id, readListing(given))
}

function readListing(given: Arguments): ListingWrite {
  const end = given.text('--end_date')
  const price = given.number('--price_gpu')
  if (price === undefined) throw new NotExpressed('a listing without a price would keep a price that nobody looked at')
  // The single-file client sends null, which the server refuses.
  if (given.isLegacy && !given.flag('--min_chunk')) throw new NotExpressed('min_chunk is mandatory in a listing')
  return {
    pricePerGpuHour: price,
    diskPerGbMonth: given.number('--price_disk') ?? null,
    uploadPerGb: given.number('--price_inetu') ?? null,
    downloadPerGb: given.number('--price_inetd') ?? null,
    minBidPerGpuHour: given.number('--price_min_bid') ?? null,
    minChunkGpus: given.number('--min_chunk') ?? 1,
    endDateMs: end === undefined ? null : readDateMs(end),
    discountMax: given.number('--discount_rate') ?? null,
    durationMs: readDuration(given.text('--duration')),
    volumeGb: given.number('--vol_size') ?? null,
    volumePerGbMonth: given.number('--vol_price') ?? null,
  }
}

function readDuration(text: string | undefined): number | null {
  if (text === undefined) return null
  const [, days] = /^(\d+) days?$/.exec(text) ?? []
  if (days === undefined || text !== `${days} days`)
    throw new NotExpressed('durations are written as a number of days: months and years have no fixed length')
  return Number(days) * 86_400_000
}

function marketPart(given: Arguments): MarketPart {
  const verified = given.text('--verified') ?? 'all'
  const datacenter = given.text('--datacenter') ?? 'all'
  const gpus = Number(given.text('--num-gpus') ?? Number.NaN)
  return {
    verified: verified === 'all' ? undefined : verified === 'true',
    hosting: datacenter === 'all' ? undefined : datacenter === 'true' ? 'datacenter' : 'community',
    machineGpus: gpus === 1 || gpus === 2 || gpus === 4 || gpus === 8 ? gpus : undefined,
  }
}

export const machineCommands: Commands = {
  'show machines': { options: '-q,--quiet', run: client => client.machines.list() },
  'show machine': { options: '-q,--quiet', run: (client, given) => client.machines.get(given.id()) },
  'list machine': { options: listing, run: listMachines },
  'list machines': { options: listing, run: listMachines },
  'unlist machine': { options: '', run: (client, given) => client.machines.unlist(given.id()) },
  'set min-bid': {
    options: '--price=',
    run: (client, given) => {
      const price = given.number('--price')
      if (price === undefined) throw new NotExpressed('a floor without a price')
      return client.machines.setMinBid(given.id(), price)
    },
  },
  'set defjob': {
    options: '--price_gpu= --price_inetu= --price_inetd= --image= --args...',
    run: (client, given) => {
      const args = given.list('--args')
      return client.machines.setDefaultJob(given.id(), {
        pricePerGpuHour: given.number('--price_gpu') ?? null,
        uploadPerGb: given.number('--price_inetu') ?? null,
        downloadPerGb: given.number('--price_inetd') ?? null,
        image: given.text('--image') ?? null,
        args: args === undefined ? null : [...args],
      })
    },
  },
  'remove defjob': { options: '', run: (client, given) => client.machines.removeDefaultJob(given.id()) },
  'schedule maint': {
    options: '--sdate= --duration= --maintenance_category=',
    run: (client, given) =>
      client.machines.scheduleMaintenance(given.id(), {
        startMs: (given.number('--sdate') ?? Number.NaN) * 1000,
        hours: given.number('--duration') ?? Number.NaN,
        category: readCategory(given.text('--maintenance_category')),
      }),
  },
  'cancel maint': { options: '', run: (client, given) => client.machines.cancelMaintenance(given.id()) },
  'show maints': {
    options: '-i,-ids,--ids= -q,--quiet',
    run: (client, given) => client.machines.listMaintenance((given.text('--ids') ?? '').split(',').map(Number)),
  },
  'cleanup machine': { options: '', run: (client, given) => client.machines.cleanup(given.id()) },
  'defrag machines': { options: '', run: (client, given) => client.machines.defrag(given.ids) },
  'delete machine': { options: '', run: (client, given) => client.machines.forceDelete(given.id()) },
  reports: { options: '', run: (client, given) => client.machines.reports(given.id()) },
  'metrics gpu': {
    options: '--verified= --datacenter= --num-gpus=',
    run: (client, given) => client.metrics.gpuCurrent(marketPart(given)),
  },
  'metrics gpu-trends': {
    options: '--verified= --datacenter= --num-gpus= --start= --end= --step=',
    run: (client, given) =>
      client.metrics.gpuHistory({
        models: (given.positionals[0] ?? 'RTX 5090,RTX 4090,RTX 3090').split(',').map(name => name.trim()),
        ...marketPart(given),
        fromMs: times1000(given.number('--start')),
        toMs: times1000(given.number('--end')),
        stepMs: times1000(given.number('--step')),
      }),
  },
  'metrics gpu-locations': {
    options: '--verified= --datacenter= --rented= --gpu=',
    run: client => client.metrics.gpuLocations(),
  },
}

function times1000(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value * 1000
}

function readCategory(text: string | undefined) {
  const known = ['power', 'internet', 'disk', 'gpu', 'software', 'other', 'not provided'] as const
  const category = known.find(each => each === (text ?? 'not provided'))
  if (category === undefined) throw new NotExpressed('a category that renters are not shown')
  return category
}
