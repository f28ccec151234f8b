import type { GoldenLine } from '../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import { familyOfPerson } from '../subjects/family-of-person.ts'
import { mergeGolden } from '../subjects/merge.ts'
import type { Indexer } from '../subjects/prepare.ts'
import type { Subject } from '../subjects/subject.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import type { LinkedSubject } from './linked-subject.ts'

/** What golden records are made by. */
export type GoldenContext = { batch: BatchId; survivorship: Survivorship; index: Indexer }

/** What BPS is told, and the subjects whose rows have to be written. */
export type GoldenResult = { lines: GoldenLine[]; subjects: Subject[] }

/**
 * Merges the golden record of each subject that an entry of this chunk changed; a new one gets the next version.
 * `merged` are the ids that lead to a subject by now.
 */
export function goldenLines(
  linked: readonly LinkedSubject[],
  merged: ReadonlyMap<SubjectId, SubjectId[]>,
  context: GoldenContext,
): GoldenResult {
  const lines: GoldenLine[] = []
  const subjects: Subject[] = []
  for (const one of linked) {
    let { subject } = one
    // A family that only its members name has no record yet; it is told of when it has.
    if (one.lines.size > 0 && one.sources.length > 0) {
      const golden = goldenLine(one, merged.get(subject.id), context)
      lines.push(golden.line)
      subject = golden.subject
    }
    if (subject.isNew || one.isChanged || subject !== one.subject) subjects.push(subject)
  }
  return { lines, subjects }
}

function goldenLine(
  { subject, sources, lines }: LinkedSubject,
  merged: readonly SubjectId[] | undefined,
  { batch, survivorship, index }: GoldenContext,
): { line: GoldenLine; subject: Subject } {
  const opened = sources.map((source) => ({ ...source, record: source.open() }))
  const golden = mergeGolden(opened, survivorship)
  const family = subject.level === 'individu' ? familyOfPerson(opened, survivorship) : undefined
  const ledTo = merged?.toSorted()
  // Of a single source the golden record is the content itself, which has its index already.
  const only = opened.length === 1 ? opened[0] : undefined
  const said = only ? `${only.platform}|${only.dataset}|${only.content}` : JSON.stringify(golden)
  // All of the line but the entries behind it: BPS takes a line only if its version is a new one.
  const hash = index('content', [said, family ?? '', ...(ledTo ?? [])].join('|'))
  const told =
    hash === subject.hash ? subject : { ...subject, version: subject.version + 1, hash, family: family ?? null }
  const tail = {
    version: told.version,
    ...golden,
    entries: [...lines].sort((a, b) => a - b).map((line): [BatchId, number] => [batch, line]),
    ...(ledTo && { merged: ledTo }),
  }
  const line: GoldenLine =
    subject.level === 'keluarga'
      ? { subject: subject.id as FamilyId, level: 'keluarga', ...tail }
      : { subject: subject.id as PersonId, level: 'individu', ...(family && { family }), ...tail }
  return { line, subject: told }
}
