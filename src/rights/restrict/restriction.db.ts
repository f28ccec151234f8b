import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { PersonId, RestrictionId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import { aad } from '../../trust/keys/vault.ts'
import { areTwo } from '../../trust/people/two-persons.ts'
import {
  askLifting,
  declineRestriction,
  endRestriction,
  holdRestriction,
  insertRestriction,
  lockRestriction,
} from './restriction.sql.ts'
import type { Restriction } from './restriction.ts'
import type { RestrictionDeps } from './restriction-deps.ts'

type Act = { id: string; by: string }

/** Where it is sealed by what the person is known. */
function knownPlace(id: RestrictionId): string {
  return aad('titian', 'restriction', id, 'known')
}

/** Asks for a person's data to be restricted; nothing is done until somebody else confirms it. While one is open, it is that one. */
export function askRestriction(
  { vault }: Pick<RestrictionDeps, 'vault'>,
  db: Pool,
  { person, reason, by, receivedAt }: { person: PersonId; reason: string; by: string; receivedAt: Date | null },
): Promise<RestrictionId> {
  return inTransaction(db, async (tx) => {
    const wish = { id: newId('rst'), subject: person, reason: sealReason(vault, reason), by, receivedAt }
    const { id, isNew } = await insertRestriction(tx, wish)
    if (isNew)
      await appendAudit(tx, {
        actor: by,
        action: 'restriction.asked',
        object: id,
        details: { person, reason: wish.reason },
      })
    return id
  })
}

/**
 * Confirms what is asked for, the restriction or its lifting: it holds from this very transaction on, and BPS is told by a batch of its
 * own. Throws `not-found`, `second-steward` to whoever asked for it, and `restriction-closed` where it was declined or lifted.
 */
export function confirmRestriction(deps: RestrictionDeps, db: Pool, { id, by }: Act): Promise<void> {
  return inTransaction(db, async (tx) => {
    const restriction = await lockRestriction(tx, id)
    if (restriction === undefined) throw new TitianError('not-found')
    if (restriction.state === 'asked') await hold(tx, deps, restriction, by)
    else if (restriction.state === 'lifting') await lift(tx, deps, restriction, by)
    else if (restriction.state === 'declined') throw new TitianError('restriction-closed')
    deps.crash('restriction:before-commit')
  })
}

async function hold(tx: PoolClient, deps: RestrictionDeps, { id, subject, askedBy }: Restriction, by: string) {
  if (!areTwo(askedBy, by)) throw new TitianError('second-steward')
  const held = await deps.restrictionParts.hold(tx, { person: subject as PersonId, restriction: id })
  if (held === undefined) throw new TitianError('not-found')
  const { batch, ...known } = held
  const sealed = deps.vault.seal(Buffer.from(JSON.stringify(known)), knownPlace(id))
  await holdRestriction(tx, id, { by, known: sealed, batch })
  await appendAudit(tx, {
    actor: by,
    action: 'restriction.confirmed',
    object: id,
    details: { batch, records: known.keys.length },
  })
}

async function lift(tx: PoolClient, deps: RestrictionDeps, { id, known, liftAskedBy }: Restriction, by: string) {
  if (liftAskedBy === null || !areTwo(liftAskedBy, by)) throw new TitianError('second-steward')
  if (known === null) throw new Error(`${id} is held and knows nobody`)
  const opened = JSON.parse(deps.vault.open(known, knownPlace(id)).toString('utf8'))
  const batch = await deps.restrictionParts.release(tx, { restriction: id, known: opened })
  await endRestriction(tx, id, { by, batch })
  await appendAudit(tx, { actor: by, action: 'restriction.lifted', object: id, details: { batch } })
}

/** Asks for a restriction to be lifted; it holds until somebody else confirms that. Throws `not-found` and `restriction-closed`. */
export function askToLift(
  { vault }: Pick<RestrictionDeps, 'vault'>,
  db: Pool,
  { id, by, reason }: Act & { reason: string },
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const restriction = await lockRestriction(tx, id)
    if (restriction === undefined) throw new TitianError('not-found')
    if (restriction.state === 'lifting') return
    if (restriction.state !== 'held') throw new TitianError('restriction-closed')
    const sealed = sealReason(vault, reason)
    await askLifting(tx, restriction.id, { by, reason: sealed })
    await appendAudit(tx, { actor: by, action: 'restriction.lift-asked', object: id, details: { reason: sealed } })
  })
}

/** Declines a restriction, or its lifting, that nobody has confirmed. Throws `not-found` and `restriction-closed`. */
export function refuseRestriction(db: Pool, { id, by }: Act): Promise<void> {
  return inTransaction(db, async (tx) => {
    const restriction = await lockRestriction(tx, id)
    if (restriction === undefined) throw new TitianError('not-found')
    if (restriction.state === 'declined') return
    if (restriction.state !== 'asked' && restriction.state !== 'lifting') throw new TitianError('restriction-closed')
    await declineRestriction(tx, restriction.id)
    await appendAudit(tx, {
      actor: by,
      action: 'restriction.declined',
      object: id,
      details: { was: restriction.state },
    })
  })
}
