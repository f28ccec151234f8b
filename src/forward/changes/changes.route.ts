import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import type { Pool } from 'pg'
import { type Change, changesOf } from '../../domain/change.ts'
import { problems } from '../../io/http/openapi.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { linesOf } from '../compose.ts'
import { openPayload } from '../delivery.sql.ts'
import { feedEpoch } from '../feed-epoch.sql.ts'
import { refuseStranger } from '../foreign-cursor.db.ts'
import { changesFrom, type StoredChanges } from './changes.sql.ts'
import { Changes, ChangesQuery, formatChangeCursor, parseChangeCursor } from './changes.ts'
import { decodeChanges } from './encode.ts'

const PAGE = 100

/** What became of each subject, change by change, for whoever keeps the subjects of Titian. */
export async function changeRoutes(
  app: FastifyInstance,
  { db, vault }: { db: Pool; vault: Pick<Vault, 'open'> },
): Promise<void> {
  app.withTypeProvider<TypeBoxTypeProvider>().get(
    '/v1/changes',
    {
      config: { scope: 'deliveries:read' },
      schema: {
        operationId: 'listChanges',
        tags: ['deliveries'],
        summary: 'Changes of subjects after a position of the feed',
        description:
          'Of each subject in the order in which they were committed; ids never change their meaning. The feed never gains a change ' +
          'before a position that was read: keep `next` and poll with it. It holds ids alone; the line of the delivery tells more. A ' +
          'restore of the database begins the feed anew: a `next` from before is answered with 410 `feed-renewed`; read again from 0.',
        querystring: ChangesQuery,
        response: { 200: Changes, ...problems('bad-request', 'feed-renewed') },
      },
    },
    async ({ query: { after = '0', limit = String(PAGE) }, caller }): Promise<Changes> => {
      const [epoch, given] = [await feedEpoch(db), parseChangeCursor(after)]
      await refuseStranger(db, given, epoch)
      const most = Number(limit)
      const changes: Changes['changes'] = []
      let cursor = given
      // Of old deliveries nothing may be known any more: a page is empty only at the end of the feed.
      while (changes.length === 0) {
        const { position, number: read } = cursor
        const deliveries = await changesFrom(db, position, read, most)
        for (const delivery of deliveries) {
          const own = await changesIn(delivery)
          const first = delivery.position === position ? read : 0
          const taken = own.slice(first, first + most - changes.length)
          for (const [at, change] of taken.entries())
            changes.push({ position: `${delivery.position}.${first + at + 1}`, delivery: delivery.id, ...change })
          const number = own.length === 0 ? delivery.records : first + taken.length
          cursor = { epoch, position: delivery.position, number }
          if (changes.length === most) break
        }
        if (cursor.position === position) break
      }
      if (changes.length > 0)
        await noteReading(db, {
          actor: caller.client,
          action: 'changes.read',
          object: 'changes',
          shown: { purpose: 'changes', records: changes.length },
        })
      return { changes, next: cursor === given ? after : formatChangeCursor(cursor) }
    },
  )

  /** Of a delivery from before there was this feed its lines tell, as long as they are kept. */
  async function changesIn(delivery: StoredChanges): Promise<Change[]> {
    if (delivery.changes !== null) return decodeChanges(delivery.changes)
    const bytes = await openPayload(db, vault, delivery)
    return bytes === undefined ? [] : changesOf([...linesOf(bytes)], [])
  }
}
