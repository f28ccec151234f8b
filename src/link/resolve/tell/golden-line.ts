import type { Change } from '../../../domain/change.ts'
import type { GoldenLine } from '../../../domain/golden.ts'
import type { BatchId, FamilyId, PersonId, SubjectId } from '../../../domain/ids.ts'
import type { Region } from '../../../domain/region.ts'
import { REGISTERS, type Register } from '../../../domain/register.ts'
import { type AgreedCoverage, narrow } from '../../../trust/agreements/coverage.ts'
import { probabilityOf } from '../../score/probability.ts'
import { familyOfPerson } from '../../subjects/family-of-person.ts'
import { mergeGolden, type OpenedRecord } from '../../subjects/merge.ts'
import type { Indexer } from '../../subjects/prepare.ts'
import { regionOfSources } from '../../subjects/region-of.ts'
import { withoutHead } from '../../subjects/restricted/restricted.ts'
import type { SourceRecord } from '../../subjects/source-record.ts'
import type { Index, Subject } from '../../subjects/subject.ts'
import type { Survivorship } from '../../subjects/survivorship.ts'
import type { LinkedSubject } from '../linked-subject.ts'
import { regionIndexer } from './region-index.ts'

/** What lines are made by. */
export type TellContext = {
  batch: BatchId
  survivorship: Survivorship
  index: Indexer
  /** The keyed hash behind an index, which lasts when the index key rotates. */
  lastingOf: (index: Index) => string
  /** The keyed hash of a value. */
  lastingText: Indexer
  /** The codes of a place in both schemes, by its BPS code. */
  regionOf: (bps: string) => Region
  /** The register that a dataset is an extract of. */
  registerOf: (dataset: string) => Register
  /** The fields of each platform's records that may be told. */
  coverage: AgreedCoverage
  /** The id that a family goes by now. */
  familyNow: (id: FamilyId) => FamilyId
}

/** A subject that BPS is told of, its sources opened. */
export type TellableSubject = {
  linked: LinkedSubject
  opened: readonly (SourceRecord & OpenedRecord)[]
  /** The family that a person belongs to. */
  family: FamilyId | undefined
  /** BPS code of the region that the subject's own records say. */
  region: string | undefined
}

/** A line, the subject as it was told, and what is told beside the line. */
export type ToldLine<Line = GoldenLine> = { line: Line; subject: Subject; beside: Change[] }

/** Opens what may be told of the records of a subject, and says to which family and region it belongs. */
export function tellable(
  linked: LinkedSubject,
  { survivorship, coverage }: Pick<TellContext, 'survivorship' | 'coverage'>,
): TellableSubject {
  const opened = linked.sources.map((source) => {
    const covered = coverage(source.platform)
    return { ...source, record: covered === undefined ? source.open() : narrow(source.open(), covered) }
  })
  const family = linked.subject.level === 'individu' ? familyOfPerson(opened, survivorship) : undefined
  return { linked, opened, family, region: regionOfSources(opened, survivorship) }
}

/** Makes the lines of subjects; a subject whose line says something else than last time gets the next version. */
export function lineMaker(context: TellContext) {
  const { batch, survivorship, index, lastingOf, regionOf, registerOf, familyNow, coverage } = context
  const regionIndex = regionIndexer(index)

  /**
   * `ofFamily` is the region of a person's family; `merged` are the ids that lead to the subject by now. `isHeadHeld` of a family whose
   * head's data is restricted.
   */
  return (
    { linked, opened, family, region: own }: TellableSubject,
    ofFamily: string | undefined,
    merged: readonly SubjectId[] | undefined,
    isHeadHeld = false,
  ): ToldLine => {
    const { subject, lines } = linked
    const whole = mergeGolden(opened, survivorship)
    const golden = isHeadHeld ? withoutHead(whole) : whole
    const region = own ? regionOf(own) : ofFamily ? { ...regionOf(ofFamily), from: 'family' as const } : undefined
    const ledTo = merged?.toSorted()
    // Of a single source that is told whole the golden record is the content itself, which has its index already.
    const single = opened.length === 1 ? opened[0] : undefined
    const isWhole = single !== undefined && !isHeadHeld && coverage(single.platform) === undefined
    const only = isWhole ? single : undefined
    const said = only ? `${only.platform}|${only.dataset}|${lastingOf(only.content)}` : JSON.stringify(golden)
    // All of the line but the entries behind it: BPS takes a line only if its version is a new one.
    const place = region === undefined ? '' : `${region.bps} ${region.kemendagri} ${region.from}`
    const standing = standingOf(linked, registerOf)
    const marks = JSON.stringify([standing, golden.flags ?? {}])
    const hash = index('content', [said, family ?? '', place, marks, ...(ledTo ?? [])].join('|'))
    const told =
      hash === subject.hash
        ? subject
        : {
            ...subject,
            version: subject.version + 1,
            hash,
            family: family ?? null,
            region: own ? regionIndex.of(own) : '',
          }
    const tail = {
      version: told.version,
      ...golden,
      ...(region && { region }),
      ...standing,
      entries: entriesBehind(batch, lines),
      ...(ledTo && { merged: ledTo }),
    }
    const line: GoldenLine =
      subject.level === 'keluarga'
        ? { subject: subject.id as FamilyId, level: 'keluarga', ...tail }
        : { subject: subject.id as PersonId, level: 'individu', ...(family && { family }), ...tail }
    return { line, subject: told, beside: told === subject ? [] : besideOf(told) }

    function besideOf({ id, level, version }: Subject): Change[] {
      const { left } = linked
      const before = subject.family === null ? null : familyNow(subject.family)
      const hasOther = before !== null && family !== undefined && before !== family
      const hasMoved = own !== undefined && regionIndex.isElsewhere(subject.region, own)
      const moved = [...(hasOther ? ['family' as const] : []), ...(hasMoved ? ['region' as const] : [])]
      const head = { subject: id, level, version }
      return [
        ...(left ? [{ ...head, kind: 'split' as const, left }] : []),
        ...(moved.length > 0 ? [{ ...head, kind: 'moved' as const, moved, ...(hasOther && { family: before }) }] : []),
      ]
    }
  }
}

function standingOf({ subject, sources, weakest, isInReview }: LinkedSubject, registerOf: TellContext['registerOf']) {
  const known = new Set(sources.map(({ dataset }) => registerOf(dataset)))
  const registers = REGISTERS.filter((register) => known.has(register))
  if (subject.level === 'keluarga') return { registers }
  const confidence = weakest === undefined ? null : probabilityOf(weakest)
  return { registers, confidence, review: isInReview === true }
}

/** The entries behind a line, ascending. */
export function entriesBehind(batch: BatchId, lines: Iterable<number>): [BatchId, number][] {
  return [...lines].sort((a, b) => a - b).map((line): [BatchId, number] => [batch, line])
}
