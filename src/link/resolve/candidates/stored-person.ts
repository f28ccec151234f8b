import type { FamilyId } from '../../../domain/ids.ts'
import type { ClusterMember, PersonRecord } from '../../cluster/grouping.ts'
import { type Features, featuresOf } from '../../compare/features.ts'
import type { StoredRecord } from '../../subjects/source-record.ts'
import { type Opener, sourceRecordOf } from '../../subjects/source-record.ts'
import type { Subject } from '../../subjects/subject.ts'

/** A stored record of a person; it is opened when it is compared. */
export function personRecordOf(row: StoredRecord, open: Opener, familyNow: (id: FamilyId) => FamilyId): PersonRecord {
  const source = sourceRecordOf(row, open, familyNow)
  let features: Features | undefined
  return {
    key: row.key,
    source,
    get features() {
      features ??= featuresOf(source.open(), `${source.platform}|${source.dataset}`)
      return features
    },
  }
}

/** A stored record of a person who is known. */
export function memberOf(
  row: StoredRecord,
  subject: Subject,
  open: Opener,
  familyNow: (id: FamilyId) => FamilyId,
): ClusterMember {
  const record = personRecordOf(row, open, familyNow)
  return {
    key: record.key,
    source: record.source,
    subject,
    get features() {
      return record.features
    },
  }
}
