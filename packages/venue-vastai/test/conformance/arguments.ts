/** What an option takes: nothing, one value, one value at each of several times, all values up to the next option, or the rest. */
type Arity = 'flag' | 'value' | 'repeat' | 'many' | 'rest'

const globalOptions = '--raw --full --explain --curl --no-color --api-key= --url= --retry='

/**
 * Options as `-s,--status+`: names by comma, then `=` for one value, `*` for one value each time, `+` for several, `...` for the rest
 * of the line.
 */
function readSpec(spec: string): Map<string, { name: string; arity: Arity }> {
  const options = new Map<string, { name: string; arity: Arity }>()
  for (const each of `${spec} ${globalOptions}`.split(' ').filter(part => part !== '')) {
    const [, names = '', mark = ''] = /^(.*?)(=|\*|\+|\.\.\.)?$/.exec(each) ?? []
    const arity = ({ '=': 'value', '*': 'repeat', '+': 'many', '...': 'rest' } as const)[mark] ?? 'flag'
    const aliases = names.split(',')
    const name = aliases.at(-1) ?? ''
    for (const alias of aliases) options.set(alias, { name, arity })
  }
  return options
}

/** The arguments of a command, read as argparse does. */
export class Arguments {
  readonly positionals: string[] = []
  /** Run by the deprecated single-file client. */
  readonly isLegacy: boolean
  readonly #values = new Map<string, string[]>()

  constructor(words: readonly string[], spec: string, isLegacy: boolean) {
    this.isLegacy = isLegacy
    const options = readSpec(spec)
    for (let i = 0; i < words.length; i++) {
      const word = words[i] ?? ''
      if (!/^-{1,2}[A-Za-z]/.test(word)) {
        this.positionals.push(word)
        continue
      }
      const equals = word.startsWith('--') ? word.indexOf('=') : -1
      const given = equals === -1 ? word : word.slice(0, equals)
      const { name, arity } = findOption(options, given)
      const values = this.#values.get(name) ?? []
      this.#values.set(name, values)
      if (equals !== -1) values.push(word.slice(equals + 1))
      else if (arity === 'value' || arity === 'repeat') values.push(words[++i] ?? '')
      else if (arity === 'rest') values.push(...words.slice(i + 1))
      else if (arity === 'many')
        while (i + 1 < words.length && !/^-/.test(words[i + 1] ?? '')) values.push(words[++i] ?? '')
      if (arity === 'rest') break
    }
  }

  flag(name: string): boolean {
    return this.#values.has(name)
  }

  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1)
  }

  list(name: string): readonly string[] | undefined {
    return this.#values.get(name)
  }

  number(name: string): number | undefined {
    const text = this.text(name)
    return text === undefined ? undefined : toNumber(text)
  }

  /** The positional at `index`, as a number. */
  id(index = 0): number {
    return toNumber(this.positionals[index] ?? '')
  }

  get ids(): readonly number[] {
    return this.positionals.map(toNumber)
  }
}

function findOption(options: Map<string, { name: string; arity: Arity }>, given: string) {
  const exact = options.get(given)
  if (exact !== undefined) return exact
  const matches = given.startsWith('--') ? [...options].filter(([name]) => name.startsWith(given)) : []
  const [match] = matches
  if (match === undefined || matches.length > 1) throw new Error(`the adapter does not know the option ${given}`)
  return match[1]
}

function toNumber(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error(`expected a number, was ${JSON.stringify(text)}`)
  return value
}
