import type { PoolClient } from 'pg'
import { isOwnBatchOpen } from './engine/own-batch.sql.ts'
import { destroyDeliveriesOf } from './forward/erase/destroy.db.ts'
import { forgetReviews } from './link/review/forget.sql.ts'
import { takePerson } from './link/withdraw/take-person.db.ts'
import { forgetVerdicts } from './programmes/lists/forget.sql.ts'
import { forgetResults } from './results/forget.sql.ts'
import { isAnyErasing } from './rights/erasure.sql.ts'
import type { ErasureParts } from './rights/erasure-deps.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the owners of the tables do for the erasure of a person. */
export function erasurePartsOf(vault: Vault): ErasureParts {
  return {
    take: (tx, wish) => takePerson(tx, vault, wish),
    forgetReviews,
    destroyDeliveries: destroyDeliveriesOf,
    forgetResults,
    forgetVerdicts,
  }
}

/** Whether something is under way that remembers indexes in what is sealed: an erasure, or a relink. */
export async function areIndexesRemembered(tx: PoolClient): Promise<boolean> {
  return (await isAnyErasing(tx)) || (await isOwnBatchOpen(tx, 'relink'))
}
