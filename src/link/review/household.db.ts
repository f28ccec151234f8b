import type { Pool } from 'pg'
import type { FamilyId, SubjectId } from '../../domain/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { mergeGolden, type OpenedRecord } from '../subjects/merge.ts'
import { openRecord } from '../subjects/open-record.db.ts'
import { readMembersOf } from '../subjects/source.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'

/** A member of a family, with the golden fields. */
export type Member = { person: SubjectId; fields: Readonly<Record<string, string | number>> }

/** The members of a family by the order of their ids; `isWhole` is false where there are more. */
export type Household = { family: FamilyId; members: Member[]; isWhole: boolean }

export type HouseholdDeps = { db: Pool; vault: Pick<Vault, 'open'>; survivorship: Survivorship }

/** A home or a barracks may have hundreds of members: a page shows the first. */
const MOST = 20

/** The members of a family for a steward; that they saw it is written down before they do. */
export async function readHousehold(
  { db, vault, survivorship }: HouseholdDeps,
  family: FamilyId,
  by: string,
): Promise<Household> {
  const sources = new Map<SubjectId, OpenedRecord[]>()
  for (const row of await readMembersOf(db, [family], MOST)) {
    const opened = { ...row, record: openRecord(row, vault) }
    sources.set(row.subject, [...(sources.get(row.subject) ?? []), opened])
  }
  const members = [...sources]
    .map(([person, opened]): Member => ({ person, fields: mergeGolden(opened, survivorship).record }))
    .sort((a, b) => (a.person < b.person ? -1 : 1))
  await inTransaction(db, (tx) => appendAudit(tx, { actor: by, action: 'family.read', object: family }))
  return { family, members: members.slice(0, MOST), isWhole: members.length <= MOST }
}
