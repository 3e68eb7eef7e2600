/** Where simulated machines stand. Text as on the wire: place, two-letter country. */
export interface Place {
  readonly geolocation: string
  readonly city: string
  readonly countryCode: string
  readonly latitude: number
  readonly longitude: number
  readonly weight: number
}

/** Capitals and large cities, with weights of the right order; not taken from any one host. */
export const places: readonly Place[] = [
  place('Texas, US', 'Dallas', 'US', 32.8, -96.8, 9),
  place('California, US', 'Los Angeles', 'US', 34.1, -118.2, 8),
  place('Washington, US', 'Seattle', 'US', 47.6, -122.3, 4),
  place('Canada, CA', 'Toronto', 'CA', 43.7, -79.4, 8),
  place('Norway, NO', 'Oslo', 'NO', 59.9, 10.8, 6),
  place('Sweden, SE', 'Stockholm', 'SE', 59.3, 18.1, 6),
  place('Netherlands, NL', 'Amsterdam', 'NL', 52.4, 4.9, 5),
  place('Germany, DE', 'Frankfurt', 'DE', 50.1, 8.7, 6),
  place('France, FR', 'Paris', 'FR', 48.9, 2.4, 5),
  place('Spain, ES', 'Madrid', 'ES', 40.4, -3.7, 4),
  place('Poland, PL', 'Warsaw', 'PL', 52.2, 21, 5),
  place('Czechia, CZ', 'Prague', 'CZ', 50.1, 14.4, 4),
  place('Bulgaria, BG', 'Sofia', 'BG', 42.7, 23.3, 4),
  place('United Kingdom, GB', 'London', 'GB', 51.5, -0.1, 4),
  place('Iceland, IS', 'Reykjavik', 'IS', 64.1, -21.9, 2),
  place('Japan, JP', 'Tokyo', 'JP', 35.7, 139.7, 4),
  place('South Korea, KR', 'Seoul', 'KR', 37.6, 127, 5),
  place('Taiwan, TW', 'Taipei', 'TW', 25, 121.6, 5),
  place('China, CN', 'Shanghai', 'CN', 31.2, 121.5, 7),
  place('Vietnam, VN', 'Hanoi', 'VN', 21, 105.8, 4),
  place('India, IN', 'Mumbai', 'IN', 19.1, 72.9, 3),
  place('Australia, AU', 'Sydney', 'AU', -33.9, 151.2, 2),
  place('Brazil, BR', 'Sao Paulo', 'BR', -23.6, -46.6, 2),
]

function place(
  geolocation: string,
  city: string,
  countryCode: string,
  latitude: number,
  longitude: number,
  weight: number,
): Place {
  return { geolocation, city, countryCode, latitude, longitude, weight }
}

/** The place of a machine's text, or one made from its country code for texts that are not ours. */
export function placeOf(geolocation: string): Place {
  const known = places.find(candidate => candidate.geolocation === geolocation)
  if (known !== undefined) return known
  const [first = '', ...rest] = geolocation.split(',')
  const countryCode = (rest.at(-1) ?? first).trim().slice(-2).toUpperCase()
  return place(geolocation, first.trim(), countryCode, 0, 0, 0)
}
