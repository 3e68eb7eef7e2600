import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSandboxPlace } from '../src/sandbox-place.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const open = async (folder: string, seed: number) => {
  await using place = await openSandboxPlace(folder, { seed })
  return place.isResumed
}

describe('the folder of a simulated run', () => {
  it('that holds anything else is refused and left as it was', async () => {
    await inFolder(async folder => {
      await writeFile(join(folder, 'thesis.txt'), 'three years of work')
      await expect(open(folder, 1)).rejects.toMatchObject({ code: 'SANDBOX_FOREIGN', effect: 'none' })
      expect(await readdir(folder)).toEqual(['thesis.txt'])
    })
  })

  it('is new, goes on where the same run was cut off, and begins anew for another, beside what was put there later', async () => {
    await inFolder(async folder => {
      expect(await open(join(folder, 'new'), 1)).toBe(false)
      expect(await open(join(folder, 'new'), 1)).toBe(true)
      await writeFile(join(folder, 'new', 'note.txt'), 'mine')
      expect(await open(join(folder, 'new'), 2)).toBe(false)
      expect(await readFile(join(folder, 'new', 'note.txt'), 'utf8')).toBe('mine')
      expect(await open(join(folder, 'new'), 1)).toBe(false)
    })
  })
})
