import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import { sourceKey } from '../../domain/keys.ts'
import type { KeptRecord } from '../compare/features.ts'
import type { Index } from './subject.ts'

/** The state of a record as one dataset of one platform reports it: as it is stored, or as an entry brings it. */
export type SourceRecord = {
  readonly key: Index
  readonly platform: string
  readonly dataset: string
  readonly content: Index
  /** Opens the sealed record: only when it is needed, most records of a subject never are. */
  readonly open: () => KeptRecord
  /** The family that a person's record names. */
  readonly family: FamilyId | undefined
  /** The subject that it had before a merge. */
  readonly former?: SubjectId | undefined
}

/** A source record as it is stored, sealed. */
export type StoredRecord = {
  key: Index
  subject: SubjectId
  platform: string
  dataset: string
  content: Index
  family: FamilyId | null
  /** The subject that it had before a merge. */
  former: SubjectId | null
  sealed: Buffer
}

/** Opens a sealed source record. */
export type Opener = (key: Index, platform: string, sealed: Buffer) => KeptRecord

/** A stored record, opened once and not before it is asked for. `familyNow` gives the present id of the family it names. */
export function sourceRecordOf(
  { key, platform, dataset, content, family, former, sealed }: StoredRecord,
  open: Opener,
  familyNow: (id: FamilyId) => FamilyId,
): SourceRecord {
  let record: KeptRecord | undefined
  return {
    key,
    platform,
    dataset,
    content,
    family: family === null ? undefined : familyNow(family),
    former: former ?? undefined,
    open: () => {
      record ??= open(key, platform, sealed)
      return record
    },
  }
}

/**
 * What a source calls a record, to order records by. Blind indexes give no lasting order: it is another one in each
 * installation, and after each rotation of the index key.
 */
export function sourceNameOf(
  { platform, dataset }: Pick<SourceRecord, 'platform' | 'dataset'>,
  { level, key }: Pick<KeptRecord, 'level' | 'key'>,
): string {
  return sourceKey(platform, dataset, level, key)
}

/** Whether two records name one family or two; undefined if one of them names none. */
export function areOfOneFamily(
  a: { family: FamilyId | null | undefined } | undefined,
  b: { family: FamilyId | null | undefined } | undefined,
): boolean | undefined {
  return a?.family && b?.family ? a.family === b.family : undefined
}
