const DIGITS = 1e6

/** The probability of a match weight in bits, to six digits. */
export function probabilityOf(weight: number): number {
  return Math.round(DIGITS / (1 + 2 ** -weight)) / DIGITS
}
