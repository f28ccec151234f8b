import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, SubjectId } from '../../domain/ids.ts'
import { OWN_PLATFORM } from '../../engine/own-batch.sql.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { type Unmerged, type UnmergeWish, unmergePerson } from '../review/unmerge.db.ts'
import type { Index } from '../subjects/subject.ts'
import { inKeyOrder, type PersonViewDeps, showPerson } from './person-view.db.ts'
import { readPerson } from './reference.db.ts'
import type { SeenPerson } from './seen-person.ts'

export type StewardDeps = Omit<PersonViewDeps, 'vault'> & {
  db: Pool
  vault: Pick<Vault, 'open' | 'seal'>
  /** The number of a person's source records from which two stewards have to part it. */
  fourEyesFrom: number
  /** Dispatches a platform's due chunks; its failure harms nothing, the sweeper dispatches again. */
  dispatch(platform: string): Promise<unknown>
}

/**
 * Opens a person for a steward; that they saw it is written down before they do. `keys` are the key indexes of the sources, in
 * their order. Throws `not-found`.
 */
export async function readPersonForSteward(
  deps: StewardDeps,
  asked: SubjectId,
  by: string,
): Promise<{ view: SeenPerson; keys: Index[] }> {
  const { db } = deps
  const person = await readPerson(db, asked)
  if (person === undefined) throw new TitianError('not-found')
  const view = await showPerson(db, deps, { ...person, asked }, true)
  const shown = { purpose: 'stewardship', records: person.rows.length }
  await noteReading(db, { actor: by, action: 'person.read', object: view.id, shown })
  return { view, keys: inKeyOrder(person.rows).map(({ key }) => key) }
}

/** The batch by which the registry follows, or why nothing was done. */
export type Unmerging =
  | { is: 'parted'; batch: BatchId }
  /** Until a second steward says the same. */
  | { is: 'noted' }
  | { is: 'refused'; why: Exclude<Unmerged, 'parted' | 'noted' | 'same-eyes' | 'unknown'> }

/**
 * Takes source records away from a person and writes it down, in one transaction; the reason is sealed here. Throws
 * `not-found`, and `second-steward` where both opinions would be one person's.
 */
export async function unmergeForSteward(
  { db, vault, fourEyesFrom, dispatch }: StewardDeps,
  wish: Omit<UnmergeWish, 'fourEyesFrom'>,
): Promise<Unmerging> {
  const fresh = { batch: newId('bat'), chunk: newId('chk') }
  const reason = sealReason(vault, wish.reason)
  const unmerged = await inTransaction(db, async (tx) => {
    const done = await unmergePerson(tx, { ...wish, reason, fourEyesFrom }, fresh)
    if (done === 'same-eyes') throw new TitianError('second-steward')
    if (done !== 'parted' && done !== 'noted') return done
    await appendAudit(tx, {
      actor: wish.by,
      action: done === 'noted' ? 'person.unmerge-asked' : 'person.unmerged',
      object: wish.person,
      details: { records: wish.leaving.length, reason },
    })
    return done
  })
  if (unmerged === 'unknown') throw new TitianError('not-found')
  if (unmerged === 'noted') return { is: 'noted' }
  if (unmerged !== 'parted') return { is: 'refused', why: unmerged }
  await dispatch(OWN_PLATFORM).catch(() => undefined)
  return { is: 'parted', batch: fresh.batch }
}
