/** A date as the official client's parser takes it, in UTC: `2026-01-31`, `2026-12-01 00:00:00 AM`, `12/31/2026`, `Jan 31 2026`, epoch seconds. */
export function readDateMs(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text)
  if (american !== null) return Date.UTC(Number(american[3]), Number(american[1]) - 1, Number(american[2]))
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?(?: ?([AP]M))?Z?$/i.exec(text)
  if (iso === null) {
    const otherMs = Date.parse(`${text} UTC`)
    if (Number.isNaN(otherMs)) throw new Error(`the adapter cannot read the date ${JSON.stringify(text)}`)
    return otherMs
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', half] = iso
  const isAfternoon = half?.toUpperCase() === 'PM' && Number(hour) < 12
  const isMidnight = half?.toUpperCase() === 'AM' && Number(hour) === 12
  const hours = isMidnight ? 0 : Number(hour) + (isAfternoon ? 12 : 0)
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second))
}
