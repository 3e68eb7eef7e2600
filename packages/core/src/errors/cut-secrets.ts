// A value counts as a key only with a digit in it: `token: expected text` is a sentence.
const named =
  /((?:api[-_]?key|access[-_]?token|token|secret|password|signature)["']?\s*[=:]\s*["']?)(?=[^\s"'&,;]*\d)[^\s"'&,;]{6,}/gi
const authorization = /((?:bearer|basic)\s+)(?=[\w.~+/=-]*\d)[\w.~+/=-]{8,}/gi

/**
 * Text without the values that stand where keys usually stand: `api_key=…`, `token: …`, `Bearer …`. A net under what others throw at us;
 * whoever knows a key keeps it out of messages in the first place.
 *
 * @example
 * cutSecrets('GET /?api_key=3f9a1c77 failed') // 'GET /?api_key=[secret] failed'
 */
export function cutSecrets(text: string): string {
  return text.replace(named, '$1[secret]').replace(authorization, '$1[secret]')
}
