function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** A sentence that offers the known word most like this one, or where to look when none is like it. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  let best: { word: string; far: number } | undefined
  for (const candidate of known) {
    const far = distance(word, candidate)
    if (best === undefined || far < best.far) best = { word: candidate, far }
  }
  return best !== undefined && best.far <= Math.max(2, word.length / 4) ? `Did you mean "${best.word}"?` : otherwise
}
