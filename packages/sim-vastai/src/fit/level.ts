import type { GpuModel } from '../market/gpu-model.ts'

/** Price of a model nobody recorded: log USD per GPU-hour ≈ base + vram × log GiB + bandwidth × log GB/s. */
export interface Level {
  readonly base: number
  readonly vram: number
  readonly bandwidth: number
}

/** Ordinary least squares of log price on what the data sheet says of memory. */
export function fitLevel(priced: readonly { readonly gpu: GpuModel; readonly usdPerGpuHour: number }[]): Level {
  const rows = priced.map(({ gpu, usdPerGpuHour }) => ({
    x: [1, Math.log(gpu.vramMib / 1024), Math.log(gpu.memoryGbPerS)],
    y: Math.log(usdPerGpuHour),
  }))
  const normal = [0, 1, 2].map(i => [
    ...[0, 1, 2].map(j => rows.reduce((sum, { x }) => sum + (x[i] as number) * (x[j] as number), 0)),
    rows.reduce((sum, { x, y }) => sum + (x[i] as number) * y, 0),
  ])
  const [base, vram, bandwidth] = solve(normal)
  return { base: base ?? 0, vram: vram ?? 0, bandwidth: bandwidth ?? 0 }
}

/** Gauss and Jordan, with the largest pivot. Each row ends with its right-hand side. */
function solve(equations: readonly (readonly number[])[]): number[] {
  const rows = equations.map(row => [...row])
  for (let at = 0; at < rows.length; at++) {
    const pivotAt = rows.reduce(
      (best, row, index) =>
        index >= at && Math.abs(row[at] as number) > Math.abs((rows[best] as number[])[at] as number) ? index : best,
      at,
    )
    const pivot = rows[pivotAt] as number[]
    rows[pivotAt] = rows[at] as number[]
    rows[at] = pivot
    const scale = pivot[at] as number
    for (let column = 0; column < pivot.length; column++) pivot[column] = (pivot[column] as number) / scale
    for (const row of rows) {
      if (row === pivot) continue
      const factor = row[at] as number
      for (let column = 0; column < row.length; column++)
        row[column] = (row[column] as number) - factor * (pivot[column] as number)
    }
  }
  return rows.map(row => row.at(-1) as number)
}
