import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { earningsSchema } from './earnings.ts'
import { gpuHistoryAnswerSchema, gpuMetricsAnswerSchema } from './gpu-metrics.ts'
import { instancePageSchema } from './instance.ts'

const samples = resolve(import.meta.dirname, '../../../../../shared/conformance/samples')
const sample = (name: string) => JSON.parse(readFileSync(resolve(samples, `${name}.json`), 'utf8'))

describe.skipIf(!existsSync(samples))('real answers', () => {
  it('of instances are read', () => {
    const [instance] = instancePageSchema.parse(sample('instances-v1-docs')).instances
    expect(instance).toMatchObject({ id: 312, label: 'ML Training Job 2025', dph_total: 0.8021 })
  })

  it('of earnings are read', () => {
    expect(earningsSchema.parse(sample('earnings-2025')).per_machine[1]).toMatchObject({
      machine_id: 61002,
      gpu_earn: 2.15,
    })
  })

  it('of market metrics are read, with holes', () => {
    const { current, history } = sample('metrics-gpu-2026')
    expect(gpuMetricsAnswerSchema.parse(current).gpus[1]).toMatchObject({
      rented_verified_gpus: 1227,
      price_median: 0.46,
    })
    expect(gpuHistoryAnswerSchema.parse(history).gpus['RTX 5090']?.pricing?.avail_median).toEqual([0.35, 0.4, 0.57])
  })
})
