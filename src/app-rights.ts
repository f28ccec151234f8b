import { destroyDeliveriesOf } from './forward/erase/destroy.db.ts'
import { holdPerson, releasePerson } from './link/persons/hold-person.db.ts'
import { forgetReviews } from './link/review/forget.sql.ts'
import { takePerson } from './link/withdraw/take-person.db.ts'
import { forgetVerdicts } from './programmes/lists/forget.sql.ts'
import { forgetResults } from './results/forget.sql.ts'
import type { ErasureParts } from './rights/erasure-deps.ts'
import type { RestrictionParts } from './rights/restrict/restriction-deps.ts'
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

/** What the owner of the subjects does for the restriction of a person's data. */
export function restrictionPartsOf(vault: Vault): RestrictionParts {
  return {
    hold: (tx, wish) => holdPerson(tx, vault, wish),
    release: (tx, wish) => releasePerson(tx, vault, wish),
  }
}
