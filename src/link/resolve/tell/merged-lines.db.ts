import type { PoolClient } from 'pg'
import type { MergedLine } from '../../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from '../../../domain/ids.ts'
import type { Redirect, Subject } from '../../subjects/subject.ts'
import { readSubjectsById } from '../../subjects/subjects.sql.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { entriesBehind } from './golden-line.ts'

/** Ids that end in a chunk: the lines that say so, and the subjects in the version of those lines. */
export type EndedSubjects = { lines: MergedLine[]; ended: Subject[] }

/** The lines of ids that ended; BPS never heard of an id that was in no delivery. One statement, and none where nothing ended. */
export async function mergedLines(
  tx: PoolClient,
  redirects: readonly Redirect[],
  linked: readonly LinkedSubject[],
  batch: BatchId,
): Promise<EndedSubjects> {
  const intoOf = new Map(redirects.map(({ from, into }) => [from, into]))
  const linesOf = new Map(linked.map(({ subject, lines }) => [subject.id, lines]))
  const known = await readSubjectsById(tx, [...intoOf.keys()])
  const lines: MergedLine[] = []
  const ended: Subject[] = []
  for (const subject of known) {
    const into = intoOf.get(subject.id)
    if (into === undefined || subject.version === 0) continue
    const version = subject.version + 1
    ended.push({ ...subject, version })
    const tail = { version, into, entries: entriesBehind(batch, linesOf.get(into) ?? []) }
    lines.push(
      subject.level === 'keluarga'
        ? { kind: 'merged', subject: subject.id as FamilyId, level: 'keluarga', ...tail }
        : { kind: 'merged', subject: subject.id as PersonId, level: 'individu', ...tail },
    )
  }
  return { lines, ended }
}

/**
 * All that has to be said of ended ids. After a merge was undone BPS can follow no chain of earlier merges any more: then every id
 * that leads to a person of the chunk is told anew.
 */
export function redirectsToTell(
  redirects: readonly Redirect[],
  merged: ReadonlyMap<SubjectId, readonly SubjectId[]>,
  revived: ReadonlySet<SubjectId>,
): Redirect[] {
  if (revived.size === 0) return [...redirects]
  return [...merged].flatMap(([into, ids]) => ids.map((from) => ({ from, into })))
}
