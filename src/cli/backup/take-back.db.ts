import type pg from 'pg'
import type { WithdrawnLine } from '../../domain/golden.ts'
import type { FamilyId, PersonId } from '../../domain/ids.ts'
import { addToldChunk, closeOwnBatch, OWN_PLATFORM, openOwnBatch } from '../../engine/own-batch.sql.ts'
import type { SweepTask } from '../../engine/sweep.ts'
import { composeDelivery } from '../../forward/compose.ts'
import { insertDelivery } from '../../forward/delivery.sql.ts'
import { feedEpoch, findLost, noteLost } from '../../forward/feed-epoch.sql.ts'
import type { HeardSubject, ReceiverClient } from '../../forward/receiver.client.ts'
import { newId } from '../../io/ids.ts'
import type { Log } from '../../io/observe/log.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { SCHEMA_VERSION } from '../../pipeline.ts'
import { selectLost } from '../../reports/database-end.sql.ts'
import { appendAudit } from '../../trust/audit/audit.sql.ts'
import type { Vault } from '../../trust/keys/vault.ts'

const EVERY_MS = 2000
const ASK_MS = 30_000
/** Kinds of a last word after which there is nothing to take back. */
const ENDED = ['withdrawn', 'merged']

type Deps = { log: Log; vault: Vault; receiver: Pick<ReceiverClient, 'told' | 'destination'> }

/**
 * After a restore, asks the receiver which subjects it heard of by deliveries that this copy does not know. Those that this copy
 * has not made are withdrawn there: pushed again they come under other ids, and would stand there twice. A page in each turn.
 */
export function takeBackTask({ log, vault, receiver }: Deps): SweepTask {
  return {
    name: 'take-back-lost',
    everyMs: EVERY_MS,
    async run(db) {
      const asking = await findLost(db)
      if (asking === undefined) return 0
      const page = await receiver.told(asking, AbortSignal.timeout(ASK_MS))
      if (page.is === 'silent') {
        log.warn({ destination: receiver.destination, reason: page.reason }, 'the receiver did not say what it took')
        return 0
      }
      const told = page.is === 'page' ? page.subjects : []
      const found = await selectLost(db, told)
      const lost = (isKnown: boolean) => found.flatMap((one) => (one.isKnown === isKnown ? (told[one.at] ?? []) : []))
      const gone = lost(false).filter(({ kind }) => !ENDED.includes(kind))
      const counts = { withdrawn: gone.length, older: lost(true).length }
      const after = told.at(-1)?.subject
      if (after !== undefined && after <= asking.after) throw new Error('the receiver told a page of subjects twice')
      await inTransaction(db, async (tx) => {
        if (gone.length > 0) await composeWithdrawal(tx, vault, gone)
        await noteLost(tx, after, page.is === 'unknown' ? undefined : counts)
        const isSaid = page.is === 'unknown' || counts.withdrawn + counts.older > 0
        if (!isSaid) return
        const details = page.is === 'unknown' ? { offered: false } : counts
        await appendAudit(tx, { actor: 'titian', action: 'feed.reconciled', object: await feedEpoch(tx), details })
      })
      if (page.is === 'unknown')
        log.warn(
          { destination: receiver.destination },
          'the receiver does not offer GET /v1/subjects: what it took and this copy lost stays there, and may come twice',
        )
      else if (found.length > 0) log.warn(counts, 'the receiver had taken what this copy does not know')
      return counts.withdrawn + counts.older
    },
  }
}

/** One delivery that ends these subjects at the receiver, in a batch of Titian's own with one entry. */
async function composeWithdrawal(tx: pg.PoolClient, vault: Vault, gone: readonly HeardSubject[]): Promise<void> {
  const own = { id: newId('bat'), kind: 'decision' } as const
  const chunk = newId('chk')
  await openOwnBatch(tx, own)
  await addToldChunk(tx, own, chunk)
  await closeOwnBatch(tx, own, 1)
  const lines = gone.map(({ subject, level, version }): WithdrawnLine => {
    const entries: WithdrawnLine['entries'] = [[own.id, 1]]
    const tail = { kind: 'withdrawn', version: version + 1, entries, reason: 'absent' } as const
    return level === 'keluarga'
      ? { ...tail, subject: subject as FamilyId, level }
      : { ...tail, subject: subject as PersonId, level }
  })
  const head = { platform: OWN_PLATFORM, dataset: 'link-decision', agreement: OWN_PLATFORM, composedAt: new Date() }
  const composed = composeDelivery(lines, { id: newId('dlv'), batch: own.id, schemaVersion: SCHEMA_VERSION, ...head })
  await insertDelivery(tx, vault, chunk, composed)
}
