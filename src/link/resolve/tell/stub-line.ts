import type { StubLine } from '../../../domain/golden.ts'
import type { BatchId, FamilyId, SubjectId } from '../../../domain/ids.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import type { Subject } from '../../subjects/subject.ts'
import { entriesBehind, type TellableSubject } from './golden-line.ts'

/** A family without a record of its own, and what this chunk says of it. */
export type NamedFamily = {
  subject: Subject
  /** Lines of the entries that name it, or that united it with another. */
  lines: ReadonlySet<number>
  /** The No. KK by which its members name it; the first in order where there are several. */
  card: string | undefined
  /** The ids that lead to it by now. */
  merged: readonly SubjectId[] | undefined
}

/** The families that persons name, each with the lines of those persons and the No. KK that they state. */
export function familiesNamedBy(
  persons: readonly TellableSubject[],
): Map<FamilyId, { lines: Set<number>; card: string | undefined }> {
  const named = new Map<FamilyId, { lines: Set<number>; card: string | undefined }>()
  for (const { linked, family, opened } of persons) {
    if (family === undefined) continue
    const one = named.get(family) ?? { lines: new Set(), card: undefined }
    named.set(family, one)
    for (const line of linked.lines) one.lines.add(line)
    for (const source of opened) {
      const card = source.record.fields.nomor_kartu_keluarga
      if (source.family !== family || typeof card !== 'string') continue
      if (one.card === undefined || card < one.card) one.card = card
    }
  }
  return named
}

/**
 * The line of a family that has no record: BPS knows its id before or with the first person who names it. Undefined where it
 * was told as it is.
 */
export function stubLine(
  { subject, lines, card, merged }: NamedFamily,
  { batch, index }: { batch: BatchId; index: Indexer },
): { line: StubLine; subject: Subject } | undefined {
  const ledTo = merged?.toSorted()
  const hash = index('content', ['stub', card ?? '', ...(ledTo ?? [])].join('|'))
  if (hash === subject.hash) return undefined
  const told = { ...subject, version: subject.version + 1, hash, region: '' }
  const line: StubLine = {
    kind: 'stub',
    subject: subject.id as FamilyId,
    level: 'keluarga',
    version: told.version,
    record: card === undefined ? {} : { nomor_kartu_keluarga: card },
    entries: entriesBehind(batch, lines),
    ...(ledTo && { merged: ledTo }),
  }
  return { line, subject: told }
}
