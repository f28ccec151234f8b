const EXPONENT = /^\d(?:[.,]\d+)?[eE]\+\d+$|^\d[.,]\d+[eE]\d+$/
// A spreadsheet keeps 15 digits of a number and writes zeros for the others; a float has a fraction.
const ROUNDED = /^\d{15}0{2,}$|^\d{12,}0000$|^\d{17,}[.,]0+$/

/**
 * Whether a key is a number that a spreadsheet or a float has damaged: in exponent form, or with zeros from the 16th digit on.
 * Of 16 digits one zero proves nothing; four do. Whoever shares such a key shares no more than its first digits.
 */
export function isDamagedKey(key: string): boolean {
  if (key.length < 4) return false
  const first = key.charCodeAt(0)
  if (first < 48 || first > 57) return false
  return isDamaged(key) || (key.includes('/') && key.split('/').some(isDamaged))
}

function isDamaged(part: string): boolean {
  return part.length > 3 && (EXPONENT.test(part) || (part.length > 15 && ROUNDED.test(part)))
}
