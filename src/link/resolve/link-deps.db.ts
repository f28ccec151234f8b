import type { Pool, PoolClient } from 'pg'
import type { Change } from '../../domain/change.ts'
import type { DeliveryLine } from '../../domain/golden.ts'
import type { FamilyId, PersonId, ReviewId, SubjectId } from '../../domain/ids.ts'
import type { Region } from '../../domain/region.ts'
import type { Register } from '../../domain/register.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import type { HiddenNumbers } from '../../trust/keys/hidden-number.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { Draw } from '../block/features-of-chunk.ts'
import type { ScoringModel } from '../score/evidence.ts'
import type { IncomingRecord, Indexer, Prepared } from '../subjects/prepare.ts'
import type { Opener } from '../subjects/source-record.ts'
import type { Survivorship } from '../subjects/survivorship.ts'

/** `Composed` is whatever the forward stage makes of golden lines; linking only hands it on. */
export type LinkDeps<Composed> = {
  db: Pool
  vault: Vault
  survivorship: Survivorship
  scoringModel: ScoringModel
  newPerson: () => PersonId
  newFamily: () => FamilyId
  newReview: () => ReviewId
  /** Passes a named point, where a test may end the process. */
  crash: (point: string) => void
  /** Takes the lock over the subjects until the transaction ends. */
  lock: (tx: PoolClient) => Promise<void>
  /** Told how many entries of a chunk were worked anew because others had changed what they depend on. */
  noteAnew: (entries: number) => void
  /** Told how many blocks of a chunk were too large to be compared. */
  noteOversized: (blocks: number) => void
  /** The codes of a place in both schemes, by its BPS code. */
  regionOf: (bps: string) => Region
  /** The register that a dataset is an extract of, by its name. */
  registerOf: (dataset: string) => Register
  /** The fields of each platform's records that may be compared and told. */
  coverage: AgreedCoverage
  /** Packs what a chunk tells into a delivery, without touching the database; `beside` is told beside the line of its subject. */
  compose: (chunk: ClaimedChunk, lines: readonly DeliveryLine[], beside: readonly Change[]) => Composed
  /** Stores the delivery in the transaction that links the chunk. */
  deliver: (tx: PoolClient, chunk: ClaimedChunk, composed: Composed) => Promise<void>
  /** Told, in the same transaction, of the subjects whose source records have changed. */
  follow: (tx: PoolClient, subjects: readonly SubjectId[]) => Promise<void>
}

/** How values become blind indexes, how sealed records are opened, and how a NIK stands beside a blocking key. */
export type RecordAccess = { index: Indexer; open: Opener; numbers: HiddenNumbers }

/** A pushed chunk, and how its records are indexed, sealed and told apart. */
export type ChunkContent = RecordAccess & {
  entries: readonly Prepared[]
  /** The last day that a reference date can be of, ISO. */
  lastDay: string
  seal: (incoming: IncomingRecord) => Buffer
  draw: Draw
}
