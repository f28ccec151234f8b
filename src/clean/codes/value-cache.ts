import type { Json } from '../../domain/entry.ts'

const PLACES = 512
const MOST_NUMBERS = 1_000

/**
 * Remembers what the latest values of one column became: a code or a label is converted once, not once per record.
 * A text has two places, named by its length and three of its signs. A `Map` would take ten times as long, since it makes an
 * internalized copy of every text before it looks.
 */
export class Memory<Result> {
  readonly #texts: string[] = new Array(PLACES).fill('')
  readonly #results: (Result | undefined)[] = new Array(PLACES).fill(undefined)
  readonly #numbers = new Map<Json, Result>()

  /** What is known of a value that is not empty; undefined where nothing is. */
  recall(value: Json): Result | undefined {
    if (typeof value !== 'string') return this.#numbers.get(value)
    const place = placeOf(value)
    if (this.#texts[place] === value) return this.#results[place]
    return this.#texts[place + 1] === value ? this.#results[place + 1] : undefined
  }

  /** Remembers a result; a text takes the place of an earlier one. */
  keep(value: Json, result: Result): void {
    if (typeof value === 'string') {
      const place = placeOf(value)
      this.#texts[place + 1] = this.#texts[place] as string
      this.#results[place + 1] = this.#results[place]
      this.#texts[place] = value
      this.#results[place] = result
    } else if (typeof value !== 'object' && this.#numbers.size < MOST_NUMBERS) this.#numbers.set(value, result)
  }
}

/** The first of two places; never for an empty text. */
function placeOf(text: string): number {
  const { length } = text
  const sum = text.charCodeAt(length >> 2) * 5 + text.charCodeAt(length >> 1) * 7 + text.charCodeAt(length - 1)
  return ((length * 31 + sum) << 1) & (PLACES - 1)
}
