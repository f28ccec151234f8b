const PREFIX = 4
const SCALE = 0.1

/** Similarity of two texts after Jaro and Winkler: 0 nothing in common, 1 equal; up to four equal first letters count extra. */
export function jaroWinkler(a: string, b: string): number {
  if (a === b) return 1
  const jaro = jaroOf(a, b)
  let prefix = 0
  while (prefix < PREFIX && prefix < a.length && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix += 1
  return jaro + prefix * SCALE * (1 - jaro)
}

function jaroOf(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return 0
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1)
  const takenInB = new Uint8Array(b.length)
  const common: number[] = []
  for (let i = 0; i < a.length; i++) {
    const letter = a.charCodeAt(i)
    const end = Math.min(b.length, i + reach + 1)
    for (let j = Math.max(0, i - reach); j < end; j++) {
      if (takenInB[j] === 1 || b.charCodeAt(j) !== letter) continue
      takenInB[j] = 1
      common.push(letter)
      break
    }
  }
  if (common.length === 0) return 0
  return (common.length / a.length + common.length / b.length + 1 - moved(common, b, takenInB) / common.length) / 3
}

/** Half the number of common letters that stand in another order. */
function moved(common: readonly number[], b: string, takenInB: Uint8Array): number {
  let at = 0
  let others = 0
  for (let j = 0; j < b.length; j++) {
    if (takenInB[j] === 0) continue
    if (b.charCodeAt(j) !== common[at]) others += 1
    at += 1
  }
  return others / 2
}
