import { jaroWinkler } from './jaro-winkler.ts'
import type { FoldedName } from './names.ts'

/** How alike two folded names are, from 0 to 1: as they stand, without spaces, and word by word in any order. */
export function nameLikeness({ words: a }: FoldedName, { words: b }: FoldedName): number {
  if (a.length === 0 || b.length === 0) return 0
  const whole = jaroWinkler(a.join(''), b.join(''))
  if (whole === 1) return 1
  return Math.max(whole, a.length <= b.length ? wordsAlike(a, b) : wordsAlike(b, a))
}

/** Mean likeness of the words of the shorter name, each with the best word that is left in the longer one. */
function wordsAlike(shorter: readonly string[], longer: readonly string[]): number {
  const left = [...longer]
  let sum = 0
  for (const word of shorter) {
    let best = 0
    let at = 0
    for (let i = 0; i < left.length; i++) {
      const alike = wordLikeness(word, left[i] ?? '')
      if (alike <= best) continue
      best = alike
      at = i
    }
    left.splice(at, 1)
    sum += best
  }
  return sum / shorter.length
}

/** An initial agrees with anything that begins with it, weakly. */
function wordLikeness(a: string, b: string): number {
  if (a.length === 1 || b.length === 1) return a[0] === b[0] ? 0.9 : 0
  return jaroWinkler(a, b)
}
