/** Text inside HTML or SVG, also in attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

/** A coordinate, short. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10)
}
