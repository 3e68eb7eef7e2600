import { z } from 'zod'

const lineSchema = z.object({ level: z.number(), time: z.number(), msg: z.string().default('') })
const words = [
  [50, 'error'],
  [40, 'warning'],
  [0, 'note'],
] as const

/** Where a logger writes so that a person at a terminal can read it: time, how bad, what. */
export function plainLines(print: (text: string) => void): { write(line: string): void } {
  return {
    write(line) {
      const { level, time, msg } = lineSchema.parse(JSON.parse(line))
      const word = words.find(([least]) => level >= least)?.[1]
      print(`${new Date(time).toISOString()}  ${word}: ${msg}`)
    },
  }
}
