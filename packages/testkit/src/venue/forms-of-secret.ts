/** Shorter ones would be found in ordinary text. */
const secretLengthMin = 4

/** How a secret may stand in a text: plain, escaped, URL-encoded, as base64. */
export function formsOf(secret: string): readonly string[] {
  if (secret.length < secretLengthMin) return []
  const base64 = Buffer.from(secret).toString('base64')
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), base64, encodeURIComponent(base64)]
}
