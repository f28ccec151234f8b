import type { PoolClient } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { Indexes } from '../keys/indexes.ts'
import { readIndexKey, shareIndexes } from './gate.sql.ts'

/**
 * Before a transaction makes indexes to be written, or copies some: no rotation begins until it ends, and the vault makes them under the
 * key that works. Throws `indexes-moving` while a rotation moves rows.
 */
export async function withIndexes(tx: PoolClient, vault?: Pick<Indexes, 'useIndexKey'>): Promise<void> {
  await shareIndexes(tx)
  // A statement of its own: it sees what ended while the one before it waited.
  const { version, movingTo } = await readIndexKey(tx)
  if (movingTo !== null) throw new TitianError('indexes-moving')
  vault?.useIndexKey(version)
}

/** The same for what was indexed before the transaction: false where another key works by now, and then nothing may be saved. */
export async function areIndexesOf(tx: PoolClient, version: number): Promise<boolean> {
  await shareIndexes(tx)
  const now = await readIndexKey(tx)
  return now.movingTo === null && now.version === version
}
