import type { PersonId } from '../../domain/ids.ts'
import type { Crash } from '../../io/observe/crash.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'

/** A source record, opened; `content` is a blind index of all that it says. */
type SourceOf = {
  index: string
  content: string
  platform: string
  dataset: string
  record: { key: string; fields: Readonly<Record<string, string | number>> }
}

/** What the owner of the subjects says of source records. */
export type CorrectionParts = {
  of(db: Db, person: PersonId): Promise<SourceOf[]>
  at(db: Db, keys: readonly string[]): Promise<SourceOf[]>
}

export type CorrectionDeps = { vault: Vault; correctionParts: CorrectionParts; crash: Crash }
