import type { Random } from '@org/core'

/** `count` of the rows, each set as likely as any other, in an order of its own. */
export function sampleRows<Row>(rows: readonly Row[], count: number, random: Random): Row[] {
  const pool = [...rows]
  const size = Math.min(count, pool.length)
  for (let i = 0; i < size; i++) {
    const j = i + Math.floor(random.next() * (pool.length - i))
    const picked = pool[j] as Row
    pool[j] = pool[i] as Row
    pool[i] = picked
  }
  pool.length = size
  return pool
}
