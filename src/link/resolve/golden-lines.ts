import type { GoldenLine } from '../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import { giverOf, inOrder, mergeGolden } from '../subjects/merge.ts'
import type { Indexer } from '../subjects/prepare.ts'
import type { Source, Subject } from '../subjects/subject.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import { familyNow, type World } from './working-set.ts'

/** What BPS is told of each subject that an entry of this chunk changed; a new golden record gets the next version. */
export function goldenLines(
  world: World,
  mergedInto: ReadonlyMap<SubjectId, SubjectId[]>,
  { batch, rules, index }: { batch: BatchId; rules: Survivorship; index: Indexer },
): GoldenLine[] {
  const lines: GoldenLine[] = []
  for (const subject of world.subjects.values()) {
    // A family that only its members name has no record yet; it is told of when it has.
    if (subject.into !== undefined || subject.lines.size === 0 || subject.sources.size === 0) continue
    lines.push(goldenLine(world, subject, mergedInto.get(subject.id), batch, rules, index))
  }
  return lines
}

function goldenLine(
  world: World,
  subject: Subject,
  merged: SubjectId[] | undefined,
  batch: BatchId,
  rules: Survivorship,
  index: Indexer,
): GoldenLine {
  const sources = [...subject.sources.values()].map((source) => ({ ...source, record: source.open() }))
  const golden = mergeGolden(sources, rules)
  const family = subject.level === 'individu' ? familyIn(world, sources, rules) : undefined
  // Of a single source the golden record is the content itself, which has its index already.
  const only = sources.length === 1 ? sources[0] : undefined
  const hash = only?.content ?? index('content', JSON.stringify(golden))
  if (hash !== subject.hash || family !== subject.family) {
    subject.version += 1
    subject.hash = hash
    subject.family = family
    subject.isDirty = true
  }
  const tail = {
    version: subject.version,
    ...golden,
    entries: [...subject.lines].sort((a, b) => a - b).map((line): [BatchId, number] => [batch, line]),
    ...(merged && { merged: merged.toSorted() }),
  }
  return subject.level === 'keluarga'
    ? { subject: subject.id as FamilyId, level: 'keluarga', ...tail }
    : { subject: subject.id as PersonId, level: 'individu', ...(family && { family }), ...tail }
}

/** The family named by the record whose No. KK stands, else by the most trusted record that names one. */
function familyIn(
  world: World,
  sources: readonly (Source & { record: ReturnType<Source['open']> })[],
  rules: Survivorship,
): FamilyId | undefined {
  const naming = sources.filter((source) => source.family !== undefined)
  const rank = rules.fields.get('individu.nomor_kartu_keluarga') ?? rules.rank
  const source = giverOf('nomor_kartu_keluarga', naming, rank) ?? inOrder(naming, rules.rank)[0]
  return source?.family && familyNow(world, source.family)
}
