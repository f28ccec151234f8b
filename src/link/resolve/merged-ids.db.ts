import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import type { Redirect } from '../subjects/subject.ts'
import { readMerged } from '../subjects/subjects.sql.ts'
import type { LinkedSubject } from './linked-subject.ts'

/** The ids that lead to each subject that BPS is told of: by what is stored, and by what this chunk changes. */
export async function idsLeadingTo(
  tx: PoolClient,
  linked: readonly LinkedSubject[],
  redirects: readonly Redirect[],
  revived: ReadonlySet<SubjectId>,
): Promise<Map<SubjectId, SubjectId[]>> {
  const told = linked.filter(({ subject, lines }) => !subject.isNew && lines.size > 0).map(({ subject }) => subject.id)
  const elsewhere = new Set(redirects.map(({ from }) => from))
  const stored = (await readMerged(tx, told)).filter(({ id }) => !elsewhere.has(id))
  const leading = new Map<SubjectId, SubjectId[]>()
  for (const { from, into } of [...stored.map(({ id, into }) => ({ from: id, into })), ...redirects]) {
    if (revived.has(from)) continue
    const ids = leading.get(into)
    if (ids) ids.push(from)
    else leading.set(into, [from])
  }
  return leading
}
