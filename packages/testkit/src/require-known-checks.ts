import { InvalidInputError } from '@org/core'

/** A skip that names no check would hide nothing and seem to. @throws {InvalidInputError} `UNKNOWN_CHECK` */
export function requireKnownChecks(
  skips: { readonly [id: string]: string } | undefined,
  checks: readonly { readonly id: string }[],
): void {
  const unknown = Object.keys(skips ?? {}).filter(id => !checks.some(check => check.id === id))
  if (unknown.length > 0)
    throw new InvalidInputError({
      code: 'UNKNOWN_CHECK',
      message: `skips names checks that do not exist: ${unknown.join(', ')}; take them out or mend the number`,
    })
}
