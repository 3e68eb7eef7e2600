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
    // A bare list.
    method: 'GET',
    path: '/benchmarks',
    access: 'open',
    handle: call => {
      const filter = compileFilter(queryObject(call.query, 'select_filters'), fields, new Set())
      const rows = call.simulation.world.machines().map(machine => row(call, machine))
      return json(rows.filter(filter.matches).slice(0, ROWS_MAX))
    },
  },
]

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
