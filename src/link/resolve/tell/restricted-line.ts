import type { Change } from '../../../domain/change.ts'
import type { RestrictedLine } from '../../../domain/golden.ts'
import type { BatchId, PersonId, SubjectId } from '../../../domain/ids.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { entriesBehind, type ToldLine } from './golden-line.ts'

/**
 * The line of a person whose data is restricted: it names the entries that came meanwhile and says nothing of them. Family and
 * region stay as they were told last, so that a move is told once the restriction is lifted.
 */
export function restrictedLine(
  { subject, lines, left }: Pick<LinkedSubject, 'subject' | 'lines' | 'left'>,
  merged: readonly SubjectId[] | undefined,
  { batch, index }: { batch: BatchId; index: Indexer },
): ToldLine<RestrictedLine> {
  const ledTo = merged?.toSorted()
  const hash = index('content', ['restricted', ...(ledTo ?? [])].join('|'))
  const told = hash === subject.hash ? subject : { ...subject, version: subject.version + 1, hash }
  const line: RestrictedLine = {
    kind: 'restricted',
    subject: subject.id as PersonId,
    level: 'individu',
    version: told.version,
    entries: entriesBehind(batch, lines),
    ...(ledTo && { merged: ledTo }),
  }
  const { level, version } = told
  const split: Change[] = left && told !== subject ? [{ subject: told.id, level, version, kind: 'split', left }] : []
  return { line, subject: told, beside: split }
}
