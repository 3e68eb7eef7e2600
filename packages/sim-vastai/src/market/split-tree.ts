/** One chunk that a machine can be cut into. */
export interface ChunkNode {
  /** Bit i: GPU i belongs to it. */
  readonly mask: number
  readonly size: number
  /** Mask of the node it was cut from; its own for the root. */
  readonly parentMask: number
  readonly gpuIndexes: readonly number[]
}

/** Nodes of the binary split tree, the whole machine first. Sorted by size, largest first. */
export type SplitTree = readonly ChunkNode[]

/** Masks are 32-bit integers. */
export const GPUS_PER_MACHINE_MAX = 30

const trees = new Map<number, SplitTree>()

/**
 * Halves the machine down to `minChunk`; where halves cannot be equal, the larger part is a power of two, so that odd machines keep
 * remainders, also below `minChunk`.
 *
 * @example splitTree(7, 2).map(node => node.size) // [7, 4, 3, 2, 2, 2, 1]
 *
 * Source: offers of one machine as seen by 500farm, `src/offer_machine.go`.
 */
export function splitTree(gpuCount: number, minChunk: number): SplitTree {
  const key = gpuCount * 64 + minChunk
  const known = trees.get(key)
  if (known !== undefined) return known
  const nodes: ChunkNode[] = []
  cut(0, gpuCount, minChunk, 0, nodes)
  const tree = nodes.sort((a, b) => b.size - a.size || a.mask - b.mask)
  trees.set(key, tree)
  return tree
}

function cut(first: number, size: number, minChunk: number, parentMask: number, nodes: ChunkNode[]): void {
  const mask = ((1 << size) - 1) << first
  const gpuIndexes = Array.from({ length: size }, (_, index) => first + index)
  nodes.push({ mask, size, parentMask: parentMask === 0 ? mask : parentMask, gpuIndexes })
  if (size <= minChunk || size < 2) return
  const left = 2 ** (Math.ceil(Math.log2(size)) - 1)
  cut(first, left, minChunk, mask, nodes)
  cut(first + left, size - left, minChunk, mask, nodes)
}

export function countBits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}

export function gpuIndexesOf(mask: number): number[] {
  const indexes: number[] = []
  for (let index = 0; index < GPUS_PER_MACHINE_MAX; index++) if (mask & (1 << index)) indexes.push(index)
  return indexes
}
