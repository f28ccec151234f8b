import type { Json } from '../domain/entry.ts'

const MOST = 2_000

/** What became of the values of one column: a code or a label is converted once, not once per record. */
export class Memory {
  /** null stands for a value that gives nothing. Undefined once the column turned out not to repeat: remembering would only cost. */
  known: Map<Json, string | number | null> | undefined = new Map()

  /** Remembers a conversion that had nothing to say. */
  keep(value: Json, converted: string | number | undefined): void {
    if (this.known === undefined || typeof value === 'object') return
    if (this.known.size < MOST) this.known.set(value, converted ?? null)
    else this.known = undefined
  }
}
