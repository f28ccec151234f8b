import { destroyDeliveriesOf } from './forward/erase/destroy.db.ts'
import { forgetReviews } from './link/review/forget.sql.ts'
import { forgetLabels } from './link/train/labels/label.sql.ts'
import { takePerson } from './link/withdraw/take-person.db.ts'
import { forgetVerdicts } from './programmes/lists/forget.sql.ts'
import { forgetResults } from './results/forget.sql.ts'
import type { ErasureParts } from './rights/erasure-deps.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the owners of the tables do for the erasure of a person. */
export function erasurePartsOf(vault: Vault): ErasureParts {
  return {
    take: (tx, wish) => takePerson(tx, vault, wish),
    async forgetReviews(tx, keys) {
      await forgetReviews(tx, keys)
      await forgetLabels(tx, keys)
    },
    destroyDeliveries: destroyDeliveriesOf,
    forgetResults,
    forgetVerdicts,
  }
}
