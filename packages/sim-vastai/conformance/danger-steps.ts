import { ensure, numberOf, prints, rawRows } from './expect.ts'
import type { Session } from './session.ts'

/**
 * What the official client does when an answer is lost: it sends the create again. An ask with several free chunks is then rented
 * more than once. Needs a simulator that does not throttle: the real throttle stops some of these repetitions, by luck.
 */
export async function dangerSteps(session: Session): Promise<void> {
  session.heading('The danger: an answer is lost, the official client rents again')
  let askId = 0
  await session.cli({
    title: 'an ask that stands for several free GPUs',
    args: ['search', 'offers', 'num_gpus=1 gpu_name=RTX_4090', '--limit', 500, '--raw'],
    show: 4,
    check: ran => {
      const row = rawRows(ran, 'offers').find(each => Number(each['bundled_results'] ?? 1) >= 3)
      ensure(row !== undefined, 'no ask with three free chunks')
      askId = numberOf(row, 'id')
    },
  })
  await session.simulator.control('POST', 'faults', { kind: 'reset-after', method: 'PUT', path: '/asks/*', count: 2 })
  await session.cli({
    title: 'create ONE instance; the connection breaks twice after the effect',
    args: ['create', 'instance', askId, '--image', 'ubuntu', '--disk', 10, '--label', 'only-one'],
    check: prints('new_contract'),
  })
  await session.cli({
    title: 'THREE instances are rented and billed',
    args: ['show', 'instances', '--raw'],
    show: 4,
    check: ran => {
      const rows = rawRows(ran, 'instances').filter(row => row['label'] === 'only-one')
      ensure(rows.length === 3, `expected 3 instances, found ${rows.length}`)
    },
  })
  await session.expect('the simulator has counted two duplicate creates', async () => {
    const { duplicate_creates: duplicates } = await session.simulator.control('GET', 'duplicates')
    ensure(Array.isArray(duplicates) && duplicates.length === 2, JSON.stringify(duplicates))
  })
  await session.simulator.control('POST', 'faults', { kind: 'reset-before', path: '/asks/bulk', count: 17 })
  await session.cli({
    title: 'create several at once while the connection breaks: it does not stop trying',
    args: ['create', 'instances', askId, '--image', 'ubuntu', '--disk', 10, '--label', 'bulk'],
    check: ran => ensure(ran.code === 0, `exit code ${ran.code}`),
  })
  await session.expect('one command has sent the same POST 18 times', async () => {
    const count = await requestCount(session, 'POST /asks/bulk')
    ensure(count === 18, `expected 18 requests, was ${count}`)
  })
  await session.simulator.control('POST', 'faults', { kind: 'status', status: 429, method: 'GET', path: '/machines' })
  await session.cli({
    title: 'a plain-text 429: three attempts, then an error, exit code 0',
    as: 'host',
    args: ['show', 'machines'],
    check: ran => {
      prints('429')(ran)
      ensure(ran.code === 0, `exit code ${ran.code}`)
    },
  })
}

async function requestCount(session: Session, endpoint: string): Promise<number> {
  const { requests_by_endpoint: counts } = await session.simulator.control('GET', 'state')
  return (counts as Readonly<Record<string, number>>)[endpoint] ?? 0
}
