import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'

/** How often a second the disk under `folder` takes 4 KiB and says that they are safe: what a durable write costs at least. */
export function rawSyncsPerSecond(folder: string, seconds: number): number {
  const file = `${folder}/raw`
  const handle = openSync(file, 'w')
  const page = Buffer.alloc(4_096, 1)
  const startedMs = performance.now()
  let count = 0
  try {
    while (performance.now() - startedMs < seconds * 1_000) {
      // A thousand pages over and over: a write-ahead log is overwritten in the same way.
      writeSync(handle, page, 0, page.length, (count % 1_000) * page.length)
      fdatasyncSync(handle)
      count++
    }
  } finally {
    closeSync(handle)
    rmSync(file)
  }
  return (count * 1_000) / (performance.now() - startedMs)
}
