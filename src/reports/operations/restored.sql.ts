import type { DeliveryId } from '../../domain/ids.ts'
import { BATCH } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'

/** What a restored copy lost, as far as it is known by now. */
export type Restored = {
  epoch: string
  at: Date
  /** The newest delivery that the copy knew; null where it knew none. */
  newest: DeliveryId | null
  /** The receiver has been asked to the end what it took that the copy does not know; it may not offer to say. */
  isAsked: boolean
  isOffered: boolean
  /** Subjects that were withdrawn at the receiver, since the copy does not know them. */
  withdrawn: number
  /** Subjects that the copy knows, and of which the receiver has something newer. */
  older: number
  platforms: RestoredPlatform[]
}

/** The last push of a platform that the copy knows, how many came since the restore, and whether a webhook tells it. */
type RestoredPlatform = {
  platform: string
  batch: string | null
  receivedAt: Date | null
  pushedSince: number
  isTold: boolean
}

/** What the last restore lost, and which platforms have to push again; undefined when this database was never restored. */
export async function selectRestored(db: Db): Promise<Restored | undefined> {
  const { rows } = await db.query<Omit<Restored, 'platforms'> & { restored: boolean }>(sql`
    select epoch, renewed_at as at, lost_since is null as "isAsked", lost_offered as "isOffered", lost_withdrawn as withdrawn,
      lost_older as older, restored,
      (select id from delivery where composed_at < renewed_at order by composed_at desc limit 1) as newest
    from feed`)
  const [found] = rows
  if (!found?.restored) return undefined
  const { restored: _, ...feed } = found
  return { ...feed, platforms: await selectPlatforms(db) }
}

async function selectPlatforms(db: Db): Promise<RestoredPlatform[]> {
  const { rows } = await db.query<RestoredPlatform>(sql`
    select p.platform, last.id as batch, last.received_at as "receivedAt",
      (select count(*)::integer from batch b
       where b.platform = p.platform and b.kind = 'push' and b.created_at >= f.renewed_at and b.state <> ${BATCH.receiving})
        as "pushedSince",
      exists (select from webhook w where w.platform = p.platform and w.disabled_at is null
        and 'gateway.restored' = any(w.events)) as "isTold"
    from feed f
    cross join (select distinct platform from client where platform is not null and disabled_at is null) p
    left join lateral (
      select id, received_at from batch b
      where b.platform = p.platform and b.kind = 'push' and b.state <> ${BATCH.receiving} and b.created_at < f.renewed_at
      order by created_at desc limit 1) last on true
    order by p.platform`)
  return rows
}
