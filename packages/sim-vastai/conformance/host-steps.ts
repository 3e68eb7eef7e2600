import { ensure, numberOf, prints, rawObject, rawRows } from './expect.ts'
import type { Session } from './session.ts'

/** Listing, repricing, watching and unlisting machines; a tenant and a price increase in between. */
export async function hostSteps(session: Session): Promise<void> {
  const machines = async (title: string, check: (row: Record<string, unknown>) => void) =>
    session.cli({
      title,
      as: 'host',
      args: ['show', 'machines', '--raw'],
      show: 4,
      check: ran => check(rawRows(ran, 'machines')[0] ?? {}),
    })

  session.heading('Listing')
  let machineId = 0
  await session.cli({
    title: 'show machines',
    as: 'host',
    args: ['show', 'machines'],
    check: prints('RTX_4090', 'verified'),
  })
  await machines('two idle machines, unlisted', row => {
    machineId = numberOf(row, 'id')
    ensure(row['listed'] === false, 'must be unlisted')
    ensure(typeof row['hostname'] === 'string', 'a hostname is a string')
  })
  await session.cli({
    // So dear that no other renter of the market comes in between.
    title: 'list a machine with all its terms',
    as: 'host',
    args: [
      'list',
      'machine',
      machineId,
      '-g',
      1.2,
      '-s',
      0.15,
      '-u',
      0.01,
      '-d',
      0.005,
      '-b',
      0.9,
      '-r',
      0.25,
      '-m',
      1,
      '-e',
      '06/30/2026',
    ],
    check: prints('offers created/updated'),
  })
  await machines('the listing is read back whole, in host prices', row => {
    ensure(row['listed'] === true && row['listed_gpu_cost'] === 1.2, 'listed_gpu_cost')
    ensure(row['min_bid_price'] === 0.9 && row['listed_storage_cost'] === 0.15, 'min bid or storage')
    ensure(row['credit_discount_max'] === 0.25 && row['listed_min_gpu_count'] === 1, 'discount or chunk')
    ensure(row['end_date'] === 1_782_777_600, `end_date ${row['end_date']}`)
  })
  let askId = 0
  await session.cli({
    title: 'renters see it at host price / 0.75',
    args: ['search', 'offers', `machine_id=${machineId}`, '--raw'],
    show: 4,
    check: ran => {
      const [row] = rawRows(ran, 'offers')
      askId = numberOf(row, 'id')
      ensure(Math.abs(numberOf(row, 'dph_base') - 1.6) < 1e-9, `dph_base ${row?.['dph_base']}`)
      ensure(Math.abs(numberOf(row, 'min_bid') - 1.2) < 1e-9, `min_bid ${row?.['min_bid']}`)
    },
  })
  await session.cli({
    title: 'set min-bid',
    as: 'host',
    args: ['set', 'min-bid', machineId, '--price', 0.96],
    check: prints('min bid price changed'),
  })
  await machines('the min bid has changed', row => ensure(row['min_bid_price'] === 0.96, `is ${row['min_bid_price']}`))
  await session.cli({
    title: 'a foreign machine cannot be listed',
    as: 'renter',
    args: ['list', 'machine', machineId, '-g', 0.2],
    check: prints('403'),
  })

  session.heading('A tenant')
  await session.cli({
    title: 'a host cannot rent a stranger’s machine',
    as: 'host',
    args: ['create', 'instance', await strangersAsk(session), '--image', 'ubuntu'],
    check: prints('403'),
  })
  let instanceId = 0
  await session.cli({
    title: 'the renter takes the host’s machine',
    args: ['create', 'instance', askId, '--image', 'ubuntu', '--disk', 10, '--raw'],
    check: ran => {
      instanceId = numberOf(rawObject(ran), 'new_contract')
    },
  })
  await machines('the machine table shows a tenant on demand', row => {
    ensure(row['gpu_occupancy'] === 'D ', `gpu_occupancy ${JSON.stringify(row['gpu_occupancy'])}`)
    ensure(row['current_rentals_running'] === 1, 'current_rentals_running')
  })
  await session.advance(6 * 3_600_000)
  await session.cli({
    title: 'show earnings: six hours of rent have accrued',
    as: 'host',
    args: ['show', 'earnings', '-s', '2025-12-31', '-e', '2026-01-31', '-m', machineId],
    show: 60,
    check: ran => {
      const answer = rawObject(ran)
      const [row] = answer['per_machine'] as readonly Record<string, unknown>[]
      const earned = numberOf(row, 'gpu_earn')
      ensure(earned > 7 && earned < 8, `expected a little over 6 h at $1.20, was ${earned}`)
    },
  })
  await session.cli({
    title: 'a higher price, until a month later',
    as: 'host',
    args: ['list', 'machine', machineId, '-g', 1.5, '-m', 1, '-e', '07/31/2026'],
    check: prints('offers created/updated'),
  })
  await session.cli({
    title: 'does not touch the running contract: the renter is asked',
    args: ['show', 'pending-price-increases', '--raw'],
    show: 30,
    check: ran => {
      const rows = rawRows(ran, 'pending_price_increases')
      const row = rows.find(each => each['contract_id'] === instanceId)
      ensure(row !== undefined, 'expected a pending price increase')
      ensure(Math.abs(numberOf(row, 'new_gpu_costpersec') * 3600 - 2) < 1e-6, 'the new price is 1.5 / 0.75')
    },
  })
  await session.cli({
    title: 'accept price-increase',
    args: ['accept', 'price-increase', instanceId, '--yes'],
    check: ran => ensure(ran.code === 0, `exit code ${ran.code}`),
  })
  await session.cli({
    title: 'nothing is pending any more',
    args: ['show', 'pending-price-increases', '--raw'],
    check: ran => ensure(rawRows(ran, 'pending_price_increases').length === 0, 'still pending'),
  })
  await session.cli({ title: 'unlist', as: 'host', args: ['unlist', 'machine', machineId], check: prints('delisted') })
  await machines('unlisted, and the tenant stays', row => {
    ensure(row['listed'] === false, 'must be unlisted')
    ensure(row['current_rentals_running'] === 1, 'the tenant must stay')
  })
  await session.cli({
    title: 'the tenant leaves',
    args: ['destroy', 'instance', instanceId, '-y'],
    check: prints('destroying'),
  })

  session.heading('Own use, maintenance, default job')
  await session.cli({
    title: 'relist with few terms: the rest falls back to defaults',
    as: 'host',
    args: ['list', 'machine', machineId, '-g', 1.2],
    check: prints('offers created/updated'),
  })
  await machines('storage, discount and min bid are reset', row => {
    ensure(row['listed_storage_cost'] === 0.1, `storage ${row['listed_storage_cost']}`)
    ensure(row['credit_discount_max'] === 0.4 && row['min_bid_price'] === null, 'discount or min bid')
  })
  await session.cli({
    title: 'show machine: one machine',
    as: 'host',
    args: ['show', 'machine', machineId, '--raw'],
    show: 4,
    check: ran => ensure(rawRows(ran).length === 1, 'expected a list with one machine'),
  })
  await session.cli({
    title: 'schedule maint',
    as: 'host',
    args: [
      'schedule',
      'maint',
      machineId,
      '--sdate',
      1_769_000_000,
      '--duration',
      0.5,
      '--maintenance_category',
      'power',
    ],
    stdin: 'y\n',
    check: prints('Maintenance window scheduled'),
  })
  await session.cli({
    title: 'show maints',
    as: 'host',
    args: ['show', 'maints', '--ids', machineId],
    check: prints(String(machineId), 'power'),
  })
  await session.cli({
    title: 'cancel maint',
    as: 'host',
    args: ['cancel', 'maint', machineId],
    stdin: 'y\n',
    check: prints('ancel'),
  })
  await session.cli({
    title: 'set defjob',
    as: 'host',
    args: [
      'set',
      'defjob',
      machineId,
      '--price_gpu',
      0.1,
      '--price_inetu',
      0.01,
      '--price_inetd',
      0.01,
      '--image',
      'ubuntu',
      '--args',
      'bash',
    ],
    check: ran => ensure(!ran.stderr.includes('Traceback'), 'the client broke'),
  })
  await machines('the default job is shown', row =>
    ensure(row['bid_image'] === 'ubuntu', `bid_image ${row['bid_image']}`),
  )
  await session.cli({
    title: 'remove defjob',
    as: 'host',
    args: ['remove', 'defjob', machineId],
    check: prints('default instance'),
  })
  await session.cli({
    title: 'cleanup machine',
    as: 'host',
    args: ['cleanup', 'machine', machineId],
    check: prints('deleted 0'),
  })
  await session.cli({
    title: 'defrag machines',
    as: 'host',
    args: ['defrag', 'machines', machineId],
    check: prints('machine_ids'),
  })
  await session.cli({
    title: 'reports (a GET with a body)',
    as: 'host',
    args: ['reports', machineId],
    check: ran => ensure(!ran.stderr.includes('Traceback'), 'the client broke'),
  })

  session.heading('Market metrics')
  await session.cli({
    title: 'metrics gpu',
    as: 'host',
    args: ['metrics', 'gpu'],
    check: prints('RTX_4090', 'Med $/hr'),
  })
  await session.cli({
    title: 'metrics gpu --raw',
    as: 'host',
    args: ['metrics', 'gpu', '--raw'],
    show: 6,
    check: ran => {
      const row = rawRows(ran, 'gpus').find(each => each['gpu_name'] === 'RTX 4090')
      ensure(numberOf(row, 'price_median') > 0 && numberOf(row, 'total') > 0, 'expected figures')
    },
  })
  await session.cli({
    title: 'metrics gpu-trends',
    as: 'host',
    args: ['metrics', 'gpu-trends', 'RTX_4090', '--start', 1_767_225_600, '--end', 1_767_312_000],
    check: prints('RTX 4090'),
  })
  await session.cli({
    title: 'metrics gpu-locations',
    as: 'host',
    args: ['metrics', 'gpu-locations'],
    check: prints('City'),
    show: 6,
  })
  await session.cli({ title: 'a renter cannot read them', args: ['metrics', 'gpu'], check: prints('401') })
}

async function strangersAsk(session: Session): Promise<number> {
  let askId = 0
  await session.cli({
    title: 'find a stranger’s offer',
    args: ['search', 'offers', 'gpu_name=RTX_5090', '--limit', 1, '--raw'],
    show: 4,
    check: ran => {
      askId = numberOf(rawRows(ran, 'offers')[0], 'id')
    },
  })
  return askId
}
