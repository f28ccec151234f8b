import type { PoolClient } from 'pg'
import type { FamilyId } from '../../../domain/ids.ts'
import { readSources } from '../../subjects/source.sql.ts'
import { type Opener, sourceRecordOf } from '../../subjects/source-record.ts'
import type { Index } from '../../subjects/subject.ts'
import type { DecidedEntries, RecordChange } from '../entries/decide.ts'
import type { FamilyRecord, ResolvedFamilies } from './family-register.ts'

/**
 * Resolves the families that the entries named, once. The changes come back with the family that each record names by now:
 * no later step asks again.
 */
export async function resolveFamilies(
  tx: PoolClient,
  { register, changes }: Pick<DecidedEntries, 'register' | 'changes'>,
  open: Opener,
): Promise<ResolvedFamilies & { changes: ReadonlyMap<Index, RecordChange> }> {
  const records: FamilyRecord[] = []
  for (const row of await readSources(tx, register.changedIds())) {
    // A family's record names no family, so there is no id to resolve.
    if (!changes.has(row.key)) records.push({ family: row.subject, source: sourceRecordOf(row, open, (id) => id) })
  }
  for (const { subject, source } of changes.values()) {
    if (subject.level === 'keluarga') records.push({ family: subject.id, source })
  }
  const resolved = register.resolve(records)
  return { ...resolved, changes: withFamilies(changes, resolved.ids.now) }
}

function withFamilies(
  changes: ReadonlyMap<Index, RecordChange>,
  familyNow: (id: FamilyId) => FamilyId,
): Map<Index, RecordChange> {
  const resolved = new Map<Index, RecordChange>()
  for (const [key, change] of changes) {
    const { family } = change.source
    resolved.set(
      key,
      family === undefined ? change : { ...change, source: { ...change.source, family: familyNow(family) } },
    )
  }
  return resolved
}
