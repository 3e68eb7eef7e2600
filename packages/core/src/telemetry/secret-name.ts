const endings = [
  'apikey',
  'accesskey',
  'secretkey',
  'privatekey',
  'authorization',
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'mnemonic',
  'credentials',
  'cookie',
]

/**
 * Does a field, header or environment variable of this name hold a secret? By the end of its name, whatever its case, dashes and
 * underscores. The one rule for what stays out of logs and journals.
 *
 * @example
 * isSecretName('HF_TOKEN') // true
 * isSecretName('tokenCount') // false
 */
export function isSecretName(name: string): boolean {
  const letters = name.toLowerCase().replace(/[-_]/g, '')
  return endings.some(ending => letters.endsWith(ending))
}
