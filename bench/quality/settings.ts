import type { Recipe } from '../population/people.ts'

/** What `npm run bench -- --quality` measures unless it is told otherwise: other seeds, sizes, error rates, hard cases. */
export const SETTINGS: readonly Recipe[] = [
  { seed: 1, persons: 5000, dirt: 1, clash: 0 },
  { seed: 2, persons: 5000, dirt: 0.5, clash: 0 },
  { seed: 3, persons: 5000, dirt: 2, clash: 0 },
  { seed: 4, persons: 5000, dirt: 3, clash: 0 },
  { seed: 5, persons: 5000, dirt: 1, clash: 0.05 },
  { seed: 6, persons: 5000, dirt: 2, clash: 0.1 },
  { seed: 7, persons: 20_000, dirt: 1, clash: 0 },
  { seed: 8, persons: 20_000, dirt: 2, clash: 0.02 },
]

/**
 * Reads settings from a text such as `1:5000:1:0,1:5000:1:0:order=2,2:1000000:1:0:nation`: seed, persons, dirt, clash, then whether it is
 * like a nation, and the draw that its files are shuffled by instead of the seed's own.
 */
export function readSettings(text: string): Recipe[] {
  return text.split(',').map((one) => {
    const parts = one.split(':')
    const numbers = parts.slice(0, 4).map(Number)
    const [seed = 1, persons = 5000, dirt = 1, clash = 0] = numbers
    const order = parts.slice(4).flatMap((word) => /^order=(\d+)$/.exec(word)?.[1] ?? [])[0]
    const nation = parts.slice(4).includes('nation')
    if (numbers.some(Number.isNaN) || parts.length > 4 + Number(nation) + Number(order !== undefined))
      throw new Error(`${one} is no seed:persons:dirt:clash, with :nation and :order=N or without`)
    return {
      seed,
      persons,
      dirt,
      clash,
      ...(nation && { nation }),
      ...(order !== undefined && { order: Number(order) }),
    }
  })
}
