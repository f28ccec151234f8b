import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { BatchId, SubjectId } from '../../domain/ids.ts'
import { newId } from '../../io/ids.ts'
import { type Db, inTransaction } from '../../io/postgres/postgres.ts'
import { actorsBehind } from '../../trust/access/client.sql.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import { readReadingsBy } from '../../trust/audit/seen.sql.ts'
import { aad, type Vault } from '../../trust/keys/vault.ts'
import { areTwo } from '../../trust/people/two-persons.ts'
import { closeBreach, concernedBy, insertBreach, lockBreach, tellBreach } from './breach.sql.ts'
import { type Breach, type BreachSaid, exposedBy, READINGS } from './breach.ts'
import type { BreachDeps, OwnKey } from './breach-deps.ts'

const PAGE = 1000

/** What is said of a breach, and by what those concerned are found: what a client has read, and whole batches. */
export type BreachWish = {
  knownAt: Date
  said: BreachSaid
  client: string | null
  from: Date | null
  to: Date | null
  batches: BatchId[]
  by: string
}

/** Opens a breach and finds whom it concerns, by the audit log and the batches named; the clock runs since it was known. */
export function openBreach({ vault, breachParts }: BreachDeps, db: Pool, wish: BreachWish): Promise<Breach['id']> {
  return inTransaction(db, async (tx) => {
    const { client, from, to } = wish
    const actors = client === null ? [] : await actorsBehind(tx, client)
    const readings: Awaited<ReturnType<typeof readReadingsBy>> = []
    for (const actor of actors) readings.push(...(await readReadingsBy(tx, actor, READINGS, { from, to })))
    const exposed = exposedBy(readings)
    const subjects = new Set<SubjectId>(exposed.subjects)
    const add = (found: readonly SubjectId[]) => {
      for (const subject of found) subjects.add(subject)
    }
    add(await breachParts.ofBatches(tx, [...exposed.batches, ...wish.batches]))
    add(await breachParts.ofFamilies(tx, exposed.families))
    add(await breachParts.ofReviews(tx, exposed.reviews))
    add(await breachParts.ofDeliveries(tx, exposed.deliveries))
    add(await breachParts.ofLists(tx, exposed.lists))
    const id = newId('brc')
    const said = vault.seal(Buffer.from(JSON.stringify(wish.said)), saidPlace(id))
    await insertBreach(
      tx,
      {
        id,
        knownAt: wish.knownAt,
        said,
        client,
        fromAt: from,
        toAt: to,
        batches: wish.batches,
        platforms: exposed.platforms,
        openedBy: wish.by,
      },
      [...subjects].sort(),
    )
    const shown = { subjects: subjects.size, platforms: exposed.platforms.join(' ') }
    await appendAudit(tx, { actor: wish.by, action: 'breach.opened', object: id, shown })
    return id
  })
}

export function openBreachSaid(vault: Pick<Vault, 'open'>, { id, said }: Pick<Breach, 'id' | 'said'>): BreachSaid {
  return JSON.parse(vault.open(said, saidPlace(id)).toString('utf8'))
}

function saidPlace(id: string): string {
  return aad('titian', 'breach', id, 'said')
}

/**
 * Goes on with a breach: the notice was given, or nothing is left to be done. Each by another person than took the step before: who wrote
 * the notice does not stop the clock alone. Throws `not-found`, `breach-closed` and `second-steward`.
 */
export function moveBreach(db: Pool, { id, by, to }: { id: string; by: string; to: 'told' | 'closed' }): Promise<void> {
  return inTransaction(db, async (tx) => {
    const breach = await lockBreach(tx, id)
    if (breach === undefined) throw new TitianError('not-found')
    if (breach.state !== (to === 'told' ? 'open' : 'told')) throw new TitianError('breach-closed')
    if (!areTwo((to === 'told' ? breach.openedBy : breach.toldBy) ?? '', by)) throw new TitianError('second-steward')
    const isMoved = to === 'told' ? await tellBreach(tx, id, by) : await closeBreach(tx, id, by)
    if (!isMoved) throw new TitianError('breach-closed')
    await appendAudit(tx, { actor: by, action: `breach.${to}`, object: id })
  })
}

/** The records of a platform that a breach concerns, page by page, in the platform's own keys. */
export async function* ownConcerned(
  db: Db,
  { breachParts }: Pick<BreachDeps, 'breachParts'>,
  { id, platforms }: Pick<Breach, 'id' | 'platforms'>,
  platform: string,
): AsyncGenerator<OwnKey[]> {
  const isWhole = platforms.includes('*') || platforms.includes(platform)
  for (let after = ''; ; ) {
    const subjects = isWhole
      ? await breachParts.page(db, platform, after, PAGE)
      : await concernedBy(db, id, after, PAGE)
    if (subjects.length > 0) yield await breachParts.keysOf(db, platform, subjects)
    if (subjects.length < PAGE) return
    after = subjects.at(-1) ?? after
  }
}
