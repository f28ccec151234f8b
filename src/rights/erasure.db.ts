import type { Pool } from 'pg'
import { TitianError } from '../domain/error.ts'
import type { ErasureId, PersonId } from '../domain/ids.ts'
import { readLatestPlace } from '../engine/erase/erase.sql.ts'
import { newId } from '../io/ids.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { appendAudit } from '../trust/audit/audit.sql.ts'
import { sealReason } from '../trust/keys/reason.ts'
import { aad } from '../trust/keys/vault.ts'
import { areTwo } from '../trust/people/two-persons.ts'
import { beginErasure, declineErasure, insertErasure, lockErasure } from './erasure.sql.ts'
import type { ErasureDeps } from './erasure-deps.ts'

/** Where what is looked for is sealed. */
export function soughtPlace(id: ErasureId): string {
  return aad('titian', 'erasure', id, 'sought')
}

/** Asks for a person to be erased; nothing is done until somebody else confirms it. While one is open, it is that one. */
export function askErasure(
  { vault }: Pick<ErasureDeps, 'vault'>,
  db: Pool,
  { person, reason, by }: { person: PersonId; reason: string; by: string },
): Promise<{ id: ErasureId; isNew: boolean }> {
  return inTransaction(db, async (tx) => {
    const wish = { id: newId('era'), subject: person, reason: sealReason(vault, reason), by }
    const made = await insertErasure(tx, wish)
    if (made.isNew)
      await appendAudit(tx, {
        actor: by,
        action: 'erasure.asked',
        object: made.id,
        details: { person, reason: wish.reason },
      })
    return made
  })
}

/**
 * Confirms an erasure: the records are taken away in this very transaction as withdrawals that BPS is told of, and the person is known
 * again from now on. Throws `not-found`, `second-steward` to whoever asked for it, and `erasure-closed` where it was declined.
 */
export function confirmErasure(
  { vault, erasureParts, crash }: ErasureDeps,
  db: Pool,
  { id, by }: { id: string; by: string },
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const erasure = await lockErasure(tx, id)
    if (erasure === undefined) throw new TitianError('not-found')
    if (erasure.state === 'declined') throw new TitianError('erasure-closed')
    if (erasure.state !== 'asked') return
    if (!areTwo(erasure.askedBy, by)) throw new TitianError('second-steward')
    const taken = await erasureParts.take(tx, { person: erasure.subject as PersonId, erasure: erasure.id, by })
    if (taken === undefined) throw new TitianError('not-found')
    const { batches, ...remembered } = taken
    await beginErasure(tx, erasure.id, {
      by,
      batches,
      asOf: await readLatestPlace(tx, batches),
      sought: vault.seal(Buffer.from(JSON.stringify(remembered)), soughtPlace(erasure.id)),
      records: taken.keys.length,
    })
    await appendAudit(tx, {
      actor: by,
      action: 'erasure.confirmed',
      object: erasure.id,
      details: { records: taken.keys.length },
    })
    crash('erasure:before-confirm')
  })
}

/** Declines an erasure that nobody has confirmed. Throws `not-found`, and `erasure-closed` where it was confirmed. */
export function refuseErasure(db: Pool, { id, by }: { id: string; by: string }): Promise<void> {
  return inTransaction(db, async (tx) => {
    const erasure = await lockErasure(tx, id)
    if (erasure === undefined) throw new TitianError('not-found')
    if (erasure.state === 'declined') return
    if (erasure.state !== 'asked') throw new TitianError('erasure-closed')
    await declineErasure(tx, erasure.id)
    await appendAudit(tx, { actor: by, action: 'erasure.declined', object: erasure.id })
  })
}
