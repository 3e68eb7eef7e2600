import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensure, numberOf, prints, rawObject, rawRows } from './expect.ts'
import type { Session } from './session.ts'

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHexampleexampleexampleexampleexampleexam a@example.com'

/** Keys, variables, templates, volumes, billing. */
export async function accountSteps(session: Session): Promise<void> {
  session.heading('Account')
  await session.cli({ title: 'show user', args: ['show', 'user'], check: prints('sim-renter'), show: 6 })
  await session.cli({
    title: 'create ssh-key',
    args: ['create', 'ssh-key', publicKey],
    check: prints('ssh-key created'),
  })
  await session.cli({ title: 'show ssh-keys', args: ['show', 'ssh-keys'], check: prints('ssh-ed25519') })
  await session.cli({ title: 'delete ssh-key', args: ['delete', 'ssh-key', 1], check: prints('success') })
  await session.cli({
    title: 'create env-var',
    args: ['create', 'env-var', 'HF_TOKEN', 'abc'],
    check: prints('created'),
  })
  await session.cli({
    title: 'update env-var',
    args: ['update', 'env-var', 'HF_TOKEN', 'def'],
    check: prints('updated'),
  })
  await session.cli({ title: 'show env-vars', args: ['show', 'env-vars', '-s'], check: prints('HF_TOKEN', 'def') })
  await session.cli({ title: 'delete env-var', args: ['delete', 'env-var', 'HF_TOKEN'], check: prints('deleted') })
  await session.cli({
    title: 'create template',
    args: ['create', 'template', '--name', 'torch', '--image', 'pytorch/pytorch', '--ssh'],
    check: prints('New Template'),
  })
  await session.cli({
    title: 'search templates',
    args: ['search', 'templates', 'name=torch', '--raw'],
    check: ran =>
      ensure(
        rawRows(ran, 'templates').some(row => row['name'] === 'torch'),
        'the template is not found',
      ),
  })
  const permissions = join(session.client.home, 'permissions.json')
  await writeFile(permissions, JSON.stringify({ api: { instance_read: {}, user_read: {} } }))
  await session.cli({
    title: 'create api-key with permissions',
    args: ['create', 'api-key', '--name', 'reader', '--permission_file', permissions],
    check: prints('api-key created'),
  })
  await session.cli({ title: 'show api-keys', args: ['show', 'api-keys'], check: prints('reader') })
  await session.cli({
    title: 'show audit-logs',
    args: ['show', 'audit-logs'],
    check: prints('/api/v0/secrets/'),
    show: 8,
  })
  await session.cli({ title: 'show ipaddrs', args: ['show', 'ipaddrs'], check: prints('127.0.0.1') })
  await session.cli({
    title: 'show invoices-v1 --invoices: the prepayment is there',
    args: ['show', 'invoices-v1', '--invoices', '-s', '2025-12-31', '-e', '2026-01-31', '--raw'],
    check: prints('Prepayment of instance'),
  })
  await session.cli({
    title: 'show invoices (classic)',
    args: ['show', 'invoices', '-s', '2025-12-31', '-e', '2026-01-31'],
    check: prints('Prepayment_of_instance'),
  })
  await session.cli({ title: 'show scheduled-jobs', args: ['show', 'scheduled-jobs'], check: prints('Job') })
  await session.cli({ title: 'show volumes', args: ['show', 'volumes'], check: prints('Disk') })
}

const sdkProgram = `
import json, sys
from vastai import VastAI
client = VastAI(api_key=sys.argv[1])
offers = client.search_offers(query='gpu_name=RTX_4090 num_gpus=1', order='dph', limit='3')
made = client.create_instance(id=offers[0]['id'], image='ubuntu', disk=10)
instance = made['new_contract']
shown = [row['id'] for row in client.show_instances()]
client.label_instance(id=instance, label='from the SDK')
label = client.show_instance(id=instance)['label']
executed = client.execute(id=instance, COMMAND='uptime') if len(sys.argv) > 2 else client.execute(instance, 'uptime')
client.destroy_instance(id=instance)
left = [row['id'] for row in client.show_instances()]
print(json.dumps({'offers': len(offers), 'instance': instance, 'shown': shown, 'label': label,
                  'executed': str(executed), 'left': left}))
`

const sdkHostProgram = `
import json, sys
from vastai import VastAI
client = VastAI(api_key=sys.argv[1])
before = client.show_machines()
client.list_machine(id=before[1]['id'], price_gpu=0.31, min_chunk=1)
after = [row for row in client.show_machines() if row['id'] == before[1]['id']][0]
client.unlist_machine(id=before[1]['id'])
print(json.dumps({'machines': len(before), 'listed': after['listed'], 'price': after['listed_gpu_cost'],
                  'earnings': client.show_earnings(start_date='2026-01-01', end_date='2026-01-31')['summary']}))
`

/** The same package as a library. */
export async function sdkSteps(session: Session): Promise<void> {
  session.heading('SDK (`from vastai import VastAI`)')
  await session.python({
    title: 'SDK: search, create, show, label, execute, destroy',
    program: sdkProgram,
    check: ran => {
      const said = rawObject(ran)
      const instance = numberOf(said, 'instance')
      ensure(numberOf(said, 'offers') > 0, 'expected offers')
      ensure((said['shown'] as readonly number[]).includes(instance), 'the instance is not shown')
      ensure(said['label'] === 'from the SDK', 'the label is lost')
      ensure(String(said['executed']).includes('uptime'), 'the command’s output is lost')
      ensure(!(said['left'] as readonly number[]).includes(instance), 'the instance is still there')
    },
  })
  await session.python({
    title: 'SDK: machines, list, unlist, earnings',
    as: 'host',
    program: sdkHostProgram,
    check: ran => {
      const said = rawObject(ran)
      ensure(said['machines'] === 2 && said['listed'] === true && said['price'] === 0.31, JSON.stringify(said))
    },
  })
}
