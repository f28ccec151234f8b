import type { Json } from '../domain/entry.ts'

const MOST = 2_000
const SLOTS = 256

/** What a value gave: null for nothing. */
type Result = string | number | null

/**
 * What became of the values of one column: a code or a label is converted once, not once per record. A text is first looked for in the
 * slot that its length and two of its letters name: `Map` makes an internalized copy of a text before it looks, which takes four times
 * as long as comparing it.
 */
export class Memory {
  readonly #texts: string[] = new Array(SLOTS).fill('')
  readonly #results: Result[] = new Array(SLOTS).fill(null)
  #known: Map<Json, Result> | undefined = new Map()

  /** What is known of a value that is not empty; undefined where it must be converted. */
  recall(value: Json): Result | undefined {
    if (typeof value === 'string') {
      const slot = slotOf(value)
      if (this.#texts[slot] === value) return this.#results[slot]
    }
    return this.#known?.get(value)
  }

  /** Remembers a conversion that had nothing to say. A column that turns out not to repeat is no longer remembered: it would only cost. */
  keep(value: Json, converted: string | number | undefined): void {
    if (this.#known === undefined || typeof value === 'object') return
    const result = converted ?? null
    if (this.#known.size < MOST) this.#known.set(value, result)
    else this.#known = undefined
    if (typeof value !== 'string') return
    const slot = slotOf(value)
    if (this.#texts[slot] !== '') return
    this.#texts[slot] = value
    this.#results[slot] = result
  }
}

function slotOf(text: string): number {
  const { length } = text
  return (length * 31 + text.charCodeAt(length >> 1) * 7 + text.charCodeAt(length - 1)) & (SLOTS - 1)
}
