import type { Machine } from '../../market/machine.ts'
import { json } from '../answer.ts'
import type { OpenCall, Route } from '../call.ts'
import { queryObject } from '../query.ts'
import { compileFilter } from '../search/compile-filter.ts'
import { defineFields } from '../search/field.ts'

type Row = Record<string, unknown>
const column = (name: string) => (row: Row) => row[name]
const ROWS_MAX = 1_000

const fields = defineFields<Row>({
  id: ['number', column('id')],
  contract_id: ['number', column('contract_id')],
  machine_id: ['number', column('machine_id')],
  gpu_name: ['gpu-name', column('gpu_name')],
  num_gpus: ['number', column('num_gpus')],
  image: ['text', column('image')],
  type: ['text', column('type')],
  value: ['number', column('value')],
  last_update: ['number', column('last_update')],
  template_hash: ['text', column('template_hash')],
  template_id: ['number', column('template_id')],
  name: ['text', column('name')],
})

/** Benchmarks: here one figure per machine, its deep-learning points. */
export const benchmarkRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/benchmarks',
    access: 'open',
    handle: call => {
      const filter = compileFilter(queryObject(call.query, 'select_filters'), fields, new Set())
      const rows = call.simulation.world
        .machines()
        .map(machine => row(call, machine))
        .filter(filter.matches)
        .slice(0, ROWS_MAX)
      return json(
        expectsEnvelope(call.userAgent)
          ? { success: true, benchmarks: rows, benchmarks_found: rows.length, next_token: null }
          : rows,
      )
    },
  },
]

/**
 * Official clients read a bare list before 1.6.0 and an envelope since. Their requests do not differ otherwise, so their name
 * decides; everybody else gets the bare list that is documented.
 */
function expectsEnvelope(userAgent: string): boolean {
  const match = /^vastai-\w+\/(\d+)\.(\d+)/.exec(userAgent)
  return match !== null && Number(match[1]) * 1_000 + Number(match[2]) >= 1_006
}

function row(call: OpenCall, machine: Machine): Row {
  const gpu = call.simulation.model(machine.model)
  return {
    id: machine.id,
    contract_id: machine.id,
    machine_id: machine.id,
    gpu_name: gpu?.displayName ?? machine.model,
    num_gpus: machine.gpuCount,
    image: 'benchmark',
    type: 'dlperf',
    name: 'dlperf',
    value: (gpu?.dlperf ?? 0) * machine.gpuCount,
    last_update: machine.createdMs / 1000,
    template_hash: null,
    template_id: null,
  }
}
