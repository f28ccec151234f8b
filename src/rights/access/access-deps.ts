import type { BatchId, DeliveryId, FamilyId, PersonId, ReviewId, SubjectId } from '../../domain/ids.ts'
import type { Platform } from '../../domain/platform.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Canonical } from '../../language/canonical.ts'

/** A source record of the person or of the family, opened. */
type Source = {
  platform: string
  dataset: string
  batch: BatchId
  record: {
    level: 'keluarga' | 'individu'
    key: string
    asOf?: string
    fields: Readonly<Record<string, string | number>>
    extensions?: Readonly<Record<string, unknown>>
  }
}

type Held = {
  subjects: SubjectId[]
  families: FamilyId[]
  records: Source[]
  ofFamily: Source[]
  merged: Readonly<Record<string, string | number>>
  reviews: ReviewId[]
}

/** What the owners of the tables say of a person. */
export type AccessParts = {
  /** Undefined where nothing is held. */
  held(db: Db, person: PersonId): Promise<Held | undefined>
  deliveries(
    db: Db,
    subjects: readonly SubjectId[],
  ): Promise<{ id: DeliveryId; dataset: string; composedAt: Date; acknowledgedAt: Date | null; kinds: string[] }[]>
  results(
    db: Db,
    subjects: readonly SubjectId[],
  ): Promise<
    {
      version: string
      asOf: string
      status: string
      appliedAt: Date
      overtakenAt: Date | null
      said: object | null
    }[]
  >
  notices(db: Db, subjects: readonly SubjectId[]): Promise<{ platform: string; notedAt: Date }[]>
}

export type AccessDeps = { accessParts: AccessParts; canonical: Canonical; platforms: ReadonlyMap<string, Platform> }
