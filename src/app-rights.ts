import type { PoolClient } from 'pg'
import { isOwnBatchOpen } from './engine/own-batch.sql.ts'
import { destroyDeliveriesOf } from './forward/erase/destroy.db.ts'
import { readDeliveriesOf, subjectsInDeliveries } from './forward/erase/disclosed.db.ts'
import { selectTableForm } from './io/postgres/distribute.sql.ts'
import { correctableAt, correctableOf } from './link/persons/correctable.db.ts'
import { heldOfPerson } from './link/persons/held-of-person.db.ts'
import { holdPerson, releasePerson } from './link/persons/hold-person.db.ts'
import { subjectRegister } from './link/persons/subject-register.db.ts'
import { forgetReviews } from './link/review/forget.sql.ts'
import { recordsOfReviews } from './link/review/review.sql.ts'
import { readSubjectsOfPlatform } from './link/subjects/residents.sql.ts'
import { deleteRestricted } from './link/subjects/restricted/restricted.sql.ts'
import { readRecordsByKey, readSubjectsOfBatches, readWithMembers } from './link/subjects/source.sql.ts'
import type { Survivorship } from './link/subjects/survivorship.ts'
import { forgetLabels } from './link/train/labels/label.sql.ts'
import { takePerson } from './link/withdraw/take-person.db.ts'
import { forgetVerdicts } from './programmes/lists/forget.sql.ts'
import { subjectsOnLists } from './programmes/lists/verdict.sql.ts'
import { readResultsOf } from './results/disclosed.db.ts'
import { readNoticesOf } from './results/disclosed.sql.ts'
import { forgetResults } from './results/forget.sql.ts'
import type { AccessParts } from './rights/access/access-deps.ts'
import type { BreachParts } from './rights/breach/breach-deps.ts'
import type { CorrectionParts } from './rights/correct/correction-deps.ts'
import { isAnyErasing } from './rights/erasure.sql.ts'
import type { ErasureParts } from './rights/erasure-deps.ts'
import type { RestrictionParts } from './rights/restrict/restriction-deps.ts'
import type { Vault } from './trust/keys/vault.ts'

/** What the owners of the tables do for the erasure of a person. */
export function erasurePartsOf(vault: Vault): ErasureParts {
  return {
    take: (tx, wish) => takePerson(tx, vault, wish),
    forgetRestricted: deleteRestricted,
    async forgetReviews(tx, keys) {
      await forgetReviews(tx, keys)
      await forgetLabels(tx, keys)
    },
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

/** What the owner of the subjects says of records that are to be corrected. */
export function correctionPartsOf(vault: Vault): CorrectionParts {
  return {
    of: (db, person) => correctableOf(db, vault, person),
    at: (db, keys) => correctableAt(db, vault, keys),
  }
}

/** What the owners of the tables say of whom a breach concerns. */
export function breachPartsOf(vault: Vault): BreachParts {
  const register = subjectRegister(vault)
  return {
    ofBatches: readSubjectsOfBatches,
    ofFamilies: readWithMembers,
    async ofReviews(db, reviews) {
      const rows = await readRecordsByKey(db, await recordsOfReviews(db, reviews))
      return rows.map(({ subject }) => subject)
    },
    ofDeliveries: subjectsInDeliveries,
    ofLists: subjectsOnLists,
    async keysOf(db, platform, subjects) {
      const records = await register.records(db, subjects, platform)
      return records.map(({ dataset, record: { level, key } }) => ({ dataset, level, key }))
    },
    async page(db, platform, after, limit) {
      const families = after.startsWith('per_')
        ? []
        : await readSubjectsOfPlatform(db, platform, 'keluarga', after, limit)
      if (families.length === limit) return families
      const from = after.startsWith('per_') ? after : ''
      const persons = await readSubjectsOfPlatform(db, platform, 'individu', from, limit - families.length)
      return [...families, ...persons]
    },
  }
}

/** Whether something is under way that remembers indexes in what is sealed: an erasure, a relink, or what tells BPS of a restriction. */
export async function areIndexesRemembered(tx: PoolClient): Promise<boolean> {
  // Citus moves no row to another worker: what a distributed table is spread by cannot change.
  if ((await selectTableForm(tx)) === 'distributed') return true
  return (await isAnyErasing(tx)) || (await isOwnBatchOpen(tx, 'relink')) || (await isOwnBatchOpen(tx, 'restriction'))
}
