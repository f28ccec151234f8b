import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { hashesIn, subjectHash } from '../touched.ts'
import { destroyPayloads, readHeldPayloads } from './payloads.sql.ts'

/** Deliveries of a person: how many lost their bytes, and how many BPS has still to acknowledge. */
export type DestroyedDeliveries = { destroyed: number; open: number }

/**
 * Destroys the bytes of acknowledged deliveries that tell of these subjects; manifest, digest and receipt stay as evidence. One that
 * is not acknowledged keeps them: BPS would miss what else is in it.
 */
export async function destroyDeliveriesOf(
  tx: PoolClient,
  subjects: readonly SubjectId[],
): Promise<DestroyedDeliveries> {
  const hashes = new Set(subjects.map(subjectHash))
  const found = (await readHeldPayloads(tx, [...hashes])).filter(({ touched }) => {
    // Of a delivery of an early version it is not known whom it touches.
    const held = hashesIn(touched)
    return held === undefined || held.some((hash) => hashes.has(hash))
  })
  const [done, open] = [
    found.filter(({ isAcknowledged }) => isAcknowledged),
    found.filter((one) => !one.isAcknowledged),
  ]
  await destroyPayloads(
    tx,
    done.map(({ id }) => id),
  )
  return { destroyed: done.length, open: open.length }
}
