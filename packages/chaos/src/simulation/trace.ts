/** A running fingerprint of everything that happens: equal fingerprints mean equal runs. FNV-1a over the text of each step. */
export class Trace {
  #hash = 0x811c9dc5
  #steps = 0

  get steps(): number {
    return this.#steps
  }

  get fingerprint(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0')
  }

  step(label: string, atMs: number): void {
    this.#steps++
    this.add(label)
    this.add(String(atMs))
  }

  add(text: string): void {
    let hash = this.#hash
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
    this.#hash = hash
  }
}
