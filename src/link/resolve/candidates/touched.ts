import type { BlockingKeys } from '../../block/blocking-keys.ts'
import type { Draw } from '../../block/features-of-chunk.ts'
import type { ClusterMember } from '../../cluster/grouping.ts'
import type { Index } from '../../subjects/subject.ts'
import type { RecordChange } from '../entries/decide.ts'
import type { LinkedSubject } from '../linked-subject.ts'

/** A record whose person is looked for, with the keys by which candidates are found. */
export type TouchedRecord = ClusterMember & {
  keys: BlockingKeys
  /** An earlier state of the record is stored. */
  isStored: boolean
}

/** The records of persons that the chunk brings. */
export function touchedRecords(changes: ReadonlyMap<Index, RecordChange>, draw: Draw): TouchedRecord[] {
  const touched: TouchedRecord[] = []
  for (const [key, { incoming, isNew, subject, source }] of changes) {
    if (subject.level !== 'individu') continue
    const { features, keys } = draw(incoming)
    touched.push({ key, source, subject, features, keys, isStored: !isNew })
  }
  return touched
}

/** Parts touched records: who is new and like nobody stays alone. Most are, when a region comes for the first time. */
export function partTied(
  touched: readonly TouchedRecord[],
  edges: readonly (readonly [Index, Index])[],
): { tied: TouchedRecord[]; alone: TouchedRecord[] } {
  const named = new Set(edges.flat())
  const isTied = ({ key, subject }: TouchedRecord) => named.has(key) || !subject.isNew
  return { tied: touched.filter(isTied), alone: touched.filter((record) => !isTied(record)) }
}

/** The persons that records make which stay alone; `lines` are those of the entries that bring them. */
export function alonePersons(alone: readonly TouchedRecord[], lines: ReadonlyMap<Index, number>): LinkedSubject[] {
  return alone.map(({ key, subject, source }) => {
    const line = lines.get(key)
    return { subject, sources: [source], lines: new Set(line === undefined ? [] : [line]), isChanged: false }
  })
}
