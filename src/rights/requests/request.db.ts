import type { Pool, PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { PersonId, RequestId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { sealReason } from '../../trust/keys/reason.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { areTwo } from '../../trust/people/two-persons.ts'
import { declineRequest, insertRequest, lockRequest, openRequest } from './request.sql.ts'
import type { PersonRequest } from './request.ts'

type About = PersonRequest['about']
type Act = { id: string; about: About; by: string }

/** Takes down what a person asks for; nothing is done until somebody else confirms it. `also` writes what belongs to it. */
export function askRequest(
  vault: Pick<Vault, 'seal'>,
  db: Pool,
  wish: { about: About; person: PersonId; reason: string; by: string; receivedAt: Date | null },
  also: (tx: PoolClient, id: RequestId) => Promise<void> = async () => undefined,
): Promise<RequestId> {
  const { about, person, by, receivedAt } = wish
  return inTransaction(db, async (tx) => {
    const id = newId('req')
    const reason = sealReason(vault, wish.reason)
    await insertRequest(tx, { id, about, subject: person, reason, by, receivedAt })
    await also(tx, id)
    await appendAudit(tx, { actor: by, action: 'request.asked', object: id, details: { about, person, reason } })
    return id
  })
}

/**
 * Confirms a request; `begin` does what follows in the same transaction. Throws `not-found`, `second-steward` to whoever asked for it,
 * and `request-closed` where it was declined. Confirmed again, nothing changes.
 */
export function confirmRequest(
  db: Pool,
  { id, about, by }: Act,
  begin: (tx: PoolClient, request: PersonRequest) => Promise<void> = async () => undefined,
): Promise<void> {
  return inTransaction(db, async (tx) => {
    const request = await lockRequest(tx, id, about)
    if (request === undefined) throw new TitianError('not-found')
    if (request.state === 'declined') throw new TitianError('request-closed')
    if (request.state !== 'asked') return
    if (!areTwo(request.askedBy, by)) throw new TitianError('second-steward')
    await openRequest(tx, request.id, by)
    await begin(tx, request)
    await appendAudit(tx, { actor: by, action: 'request.confirmed', object: id, shown: { about } })
  })
}

/** Declines a request that nobody has confirmed. Throws `not-found`, and `request-closed` where it was confirmed. */
export function refuseRequest(db: Pool, { id, about, by }: Act): Promise<void> {
  return inTransaction(db, async (tx) => {
    const request = await lockRequest(tx, id, about)
    if (request === undefined) throw new TitianError('not-found')
    if (request.state === 'declined') return
    if (request.state !== 'asked') throw new TitianError('request-closed')
    await declineRequest(tx, request.id)
    await appendAudit(tx, { actor: by, action: 'request.declined', object: id, shown: { about } })
  })
}
