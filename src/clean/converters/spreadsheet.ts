// A double counts whole numbers exactly up to 2^53; beyond it spreadsheets and data frames give the nearest one that exists.
const EXACT_DIGITS = 15

/** The digits of a whole number written as a float (`2.0`); undefined for any other text. */
export function wholeOf(text: string): string | undefined {
  if (text.charCodeAt(text.length - 1) !== ZERO) return undefined
  return /^\s*([0-9]+)[.,]0+$/.exec(text)?.[1]
}

const ZERO = 48

/** Whether a float can have held these digits: beyond 2^53 others may have been written. */
export function isExact(digits: string): boolean {
  return digits.length <= EXACT_DIGITS || Number(digits) <= Number.MAX_SAFE_INTEGER
}

/**
 * Whether a spreadsheet or a data frame lost digits of an identifier: an exponent, a float beyond 2^53, or zeros from the sixteenth of
 * seventeen and more digits on, since it keeps fifteen.
 */
export function lostDigits(text: string): boolean {
  const whole = wholeOf(text)
  if (whole !== undefined) return !isExact(whole)
  return /^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$|^[0-9]{15}0{2,}$/.test(text)
}
