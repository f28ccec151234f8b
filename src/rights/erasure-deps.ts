import type { PoolClient } from 'pg'
import type { BatchId, ErasureId, PersonId, RestrictionId, SubjectId } from '../domain/ids.ts'
import type { Crash } from '../io/observe/crash.ts'
import type { KeyRing } from '../trust/keys/keyring.ts'
import type { Vault } from '../trust/keys/vault.ts'
import type { Remembered } from './erasure.ts'

/** What the owners of the tables do for an erasure. */
export type ErasureParts = {
  /** Takes the person's records away; undefined where there are none. */
  take(
    tx: PoolClient,
    wish: { person: PersonId; erasure: ErasureId; by: string },
  ): Promise<(Remembered & { batches: BatchId[] }) | undefined>
  /** Forgets by which names a person was restricted. */
  forgetRestricted(tx: PoolClient, restriction: RestrictionId): Promise<void>
  forgetReviews(tx: PoolClient, keys: readonly string[]): Promise<void>
  destroyDeliveries(tx: PoolClient, subjects: readonly SubjectId[]): Promise<{ destroyed: number; open: number }>
  forgetResults(tx: PoolClient, subjects: readonly SubjectId[]): Promise<number>
  forgetVerdicts(tx: PoolClient, subjects: readonly SubjectId[]): Promise<number>
}

export type ErasureDeps = {
  vault: Vault
  /** The key for deliveries signs certificates: what it signs begins with the address of the gateway. */
  ring: Pick<KeyRing, 'deliveries'>
  publicUrl: string
  erasureParts: ErasureParts
  crash: Crash
}
