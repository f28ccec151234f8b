import type { Pool } from 'pg'
import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { mergeGolden, type OpenedRecord } from '../subjects/merge.ts'
import { openCovered } from '../subjects/sealed-record/open-record.db.ts'
import { readMembersOf } from '../subjects/source.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'
import type { KnownFamily } from './known-family.ts'

export type KnownFamilyDeps = {
  db: Pool
  vault: Pick<Vault, 'open'>
  survivorship: Survivorship
  coverage: AgreedCoverage
}

/** A home or a barracks may have hundreds of members: a page shows the first. */
const MOST = 20

/** The members of a family for a steward; that they saw it is written down before they do. */
export async function readKnownFamily(
  { db, vault, survivorship, coverage }: KnownFamilyDeps,
  family: FamilyId,
  by: string,
): Promise<KnownFamily> {
  const sources = new Map<SubjectId, OpenedRecord[]>()
  for (const row of await readMembersOf(db, [family], MOST)) {
    const opened = { ...row, record: openCovered(row, vault, coverage) }
    sources.set(row.subject, [...(sources.get(row.subject) ?? []), opened])
  }
  const members = [...sources]
    .map(([person, opened]): KnownFamily['members'][number] => ({
      person,
      fields: mergeGolden(opened, survivorship).record,
    }))
    .sort((a, b) => (a.person < b.person ? -1 : 1))
  const shown = { purpose: 'stewardship', persons: members.length }
  await noteReading(db, { actor: by, action: 'family.read', object: family, shown })
  return { family, members: members.slice(0, MOST), isWhole: members.length <= MOST }
}
