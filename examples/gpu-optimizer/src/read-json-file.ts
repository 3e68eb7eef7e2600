import { readFile } from 'node:fs/promises'
import { describeError, InvalidInputError } from '@org/core'

/**
 * What stands in a JSON file that was named on the command line.
 *
 * @throws {InvalidInputError} `FILE_UNREADABLE` when it cannot be read or is no whole JSON.
 */
export async function readJsonFile(option: string, file: string): Promise<unknown> {
  const unreadable = (message: string, cause: unknown) =>
    new InvalidInputError({ code: 'FILE_UNREADABLE', message, cause })
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw unreadable(`cannot read ${option} ${file}: ${describeError(cause)}`, cause)
  }
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(`${option} ${file} is no whole JSON, perhaps half-written: ${describeError(cause)}`, cause)
  }
}
