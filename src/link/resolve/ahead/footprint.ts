import type { BlockCandidates } from './block-candidates.ts'

/** Names that hang together: what becomes of one depends on the others. */
export type Tie = readonly string[]

/** The name of a line of the chunk. */
export function nameOfLine(line: number): string {
  return `#${line}`
}

/** The name of a subject's end, by a merge: who only compared a record of it asks for no more. */
export function nameOfEnd(id: string): string {
  return `end ${id}`
}

/**
 * What was looked at while a chunk was worked. It is noted as it comes and made into names only when somebody has changed the
 * subjects meanwhile.
 */
export class Footprint {
  readonly blocks: BlockCandidates[] = []
  private readonly ties: (() => Iterable<Tie>)[] = []

  note(ties: () => Iterable<Tie>): void {
    this.ties.push(ties)
  }

  noteBlocks(candidates: BlockCandidates): void {
    this.blocks.push(candidates)
  }

  add(other: Footprint): void {
    this.ties.push(...other.ties)
    this.blocks.push(...other.blocks)
  }

  allTies(): Tie[] {
    return [...this.eachTie()]
  }

  /** The same one by one, for who looks at each once. */
  *eachTie(): Generator<Tie> {
    for (const ties of this.ties) yield* ties()
  }
}
