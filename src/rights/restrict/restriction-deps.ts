import type { PoolClient } from 'pg'
import type { BatchId, PersonId, RestrictionId, SubjectId } from '../../domain/ids.ts'
import type { Crash } from '../../io/observe/crash.ts'
import type { Vault } from '../../trust/keys/vault.ts'

/** By what a restricted person is known again. */
type Known = { subjects: SubjectId[]; keys: string[]; numbers: string[] }

/** What the owner of the subjects does for a restriction. */
export type RestrictionParts = {
  /** Restricts a person from this transaction on; undefined where no such person has records. */
  hold(
    tx: PoolClient,
    wish: { person: PersonId; restriction: RestrictionId },
  ): Promise<(Known & { batch: BatchId }) | undefined>
  release(tx: PoolClient, wish: { restriction: RestrictionId; known: Known }): Promise<BatchId>
}

export type RestrictionDeps = { vault: Vault; restrictionParts: RestrictionParts; crash: Crash }
