import type { SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'

/** A source record of a platform by its own key. */
export type OwnKey = { dataset: string; level: 'keluarga' | 'individu'; key: string }

/** What the owners of the tables say: who is behind what was read. */
export type BreachParts = {
  /** Subjects whose records came in these batches, last. */
  ofBatches(db: Db, batches: readonly string[]): Promise<SubjectId[]>
  /** Families with the persons whose records name them. */
  ofFamilies(db: Db, families: readonly string[]): Promise<SubjectId[]>
  ofReviews(db: Db, reviews: readonly string[]): Promise<SubjectId[]>
  ofDeliveries(db: Db, deliveries: readonly string[]): Promise<SubjectId[]>
  ofLists(db: Db, lists: readonly string[]): Promise<SubjectId[]>
  /** The records that a platform holds of these subjects, in its own keys. */
  keysOf(db: Db, platform: string, subjects: readonly SubjectId[]): Promise<OwnKey[]>
  /** A page of the subjects of a platform after one. */
  page(db: Db, platform: string, after: string, limit: number): Promise<SubjectId[]>
}

export type BreachDeps = { vault: Vault; breachParts: BreachParts; securityContact: string | undefined }
