/** Facts of one kind of GPU, as printed on data sheets. */
export interface GpuModel {
  /** Underscore name used in queries, for example `RTX_4090`. */
  readonly model: string
  /** Name on the wire, for example `RTX 4090`. */
  readonly displayName: string
  readonly vramMib: number
  readonly cudaCores: number
  readonly tdpWatts: number
  readonly launchYear: number
  readonly arch: 'nvidia' | 'amd'
  /** Compute capability × 100, for example 890. 0 where it does not apply. */
  readonly computeCap: number
  /** Single-precision TFLOPS of one GPU. */
  readonly tflops: number
  /** Memory bandwidth of one GPU, GB/s. */
  readonly memoryGbPerS: number
  /** Deep-learning benchmark points of one GPU. */
  readonly dlperf: number
  /** NVLink bandwidth, GB/s; 0 where the card has none. */
  readonly nvlinkGbPerS: number
}
