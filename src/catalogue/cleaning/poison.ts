import type { RawEntry } from '../../domain/entry.ts'

/** In a test run, does harm at the entry that a test marked. */
export type Poison = (entry: RawEntry) => void

/** `spec` is POISON_AT: `burn:TEXT` never ends at an entry that holds the text, `eat:TEXT` takes memory until none is left. */
export function poisonOf(spec: string | undefined): Poison {
  if (spec === undefined) return () => undefined
  const cut = spec.indexOf(':')
  const [harm, mark] = [spec.slice(0, cut), spec.slice(cut + 1)]
  return ({ text }) => {
    if (!text.includes(mark)) return
    const eaten: string[][] = []
    for (;;) if (harm === 'eat') eaten.push(Array.from({ length: 100_000 }, (_, index) => `${index} ${eaten.length}`))
  }
}
