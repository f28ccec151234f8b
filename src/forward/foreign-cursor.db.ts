import { TitianError } from '../domain/error.ts'
import type { Db } from '../io/postgres/postgres.ts'
import { lastPosition } from './delivery.sql.ts'
import type { Cursor } from './feed.ts'

/**
 * Refuses a cursor that this feed never gave: it would skip whatever comes until the feed reaches it. Throws `feed-renewed` for one of
 * another epoch, `bad-request` for a position that no feed gave.
 */
export async function refuseStranger(db: Db, { epoch, position }: Cursor, current: string): Promise<void> {
  if (position === '0') return
  const isGiven = BigInt(position) <= BigInt(await lastPosition(db))
  if (epoch === current && isGiven) return
  // A position of this very epoch that the feed has not reached was given by a newer copy of this database.
  if (epoch !== '' || isGiven)
    throw new TitianError('feed-renewed', undefined, {
      places: [{ pointer: '/querystring/after', code: 'feed-renewed' }],
    })
  throw new TitianError('bad-request', 'the position was never given', {
    places: [{ pointer: '/querystring/after', code: 'position-unknown' }],
  })
}
