import { invalidInput } from './check-input.ts'

/** The text of a public key. A private one is refused before it can leave, and never repeated in the message. */
export function checkPublicKey(text: string): string {
  if (text.includes('PRIVATE KEY'))
    throw invalidInput('this is a private SSH key: pass the public one, the text of the file that ends in .pub')
  if (!/^(?:ssh|ecdsa|sk-)/i.test(text))
    throw invalidInput('expected a public SSH key, which begins like "ssh-ed25519 "')
  return text
}
