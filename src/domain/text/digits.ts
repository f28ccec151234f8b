/** Two decimal digits of a text as a number. The caller knows that they are digits. */
export function twoDigits(text: string, at: number): number {
  return text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528
}
