/** Whole steps in `amount / price`, exact where the quotient is a hair below or above a whole number. */
export function stepsFor(amount: number, pricePerUnit: number, step: number): number {
  const pricePerStep = pricePerUnit * step
  if (!(amount > 0 && pricePerStep > 0)) return 0
  // The remainder of doubles is exact; their quotient may round up to the next whole number.
  const steps = Math.round((amount - (amount % pricePerStep)) / pricePerStep)
  return step === 1 ? steps : Number((steps * step).toPrecision(15))
}

/** To the nearest whole number, halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Money with so many digits after the point, halves away from zero. */
export function roundMoney(value: number, decimals: number): number {
  const scale = 10 ** decimals
  // A product such as 1.005 × 100 falls short of its half by a few bits.
  const scaled = Math.abs(value) * scale
  return (Math.sign(value) * Math.round(scaled * (1 + Number.EPSILON))) / scale
}

/** Differences of decimal quantities, without the dust of binary fractions. */
export function cleanUnits(units: number): number {
  return Number.isInteger(units) ? units : Number(units.toPrecision(15))
}
