import { readDeliveriesOf } from './forward/disclosed.db.ts'
import { destroyDeliveriesOf } from './forward/erase/destroy.db.ts'
import { heldOfPerson } from './link/persons/held-of-person.db.ts'
import { holdPerson, releasePerson } from './link/persons/hold-person.db.ts'
import { forgetReviews } from './link/review/forget.sql.ts'
import type { Survivorship } from './link/subjects/survivorship.ts'
import { takePerson } from './link/withdraw/take-person.db.ts'
import { forgetVerdicts } from './programmes/lists/forget.sql.ts'
import { readNoticesOf, readResultsOf } from './results/disclosed.db.ts'
import { forgetResults } from './results/forget.sql.ts'
import type { AccessParts } from './rights/access/access-deps.ts'
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

/** What the owners of the tables say of a person who asks what is held. */
export function accessPartsOf(vault: Vault, survivorship: Survivorship): AccessParts {
  return {
    held: (db, person) => heldOfPerson(db, { vault, survivorship }, person),
    deliveries: readDeliveriesOf,
    results: (db, subjects) => readResultsOf(db, vault, subjects),
    notices: readNoticesOf,
  }
}
