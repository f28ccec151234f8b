import type { FamilyId, SubjectId } from '../../domain/ids.ts'

/** A blind index as 32 hexadecimal digits, so that it can be the key of a map. */
export type Index = string

/** The first 64 bits of a blind index, as PostgreSQL writes a bigint. */
export type BlockingKey = string

/** A record of a block, and its NIK as 16 hexadecimal digits (`hidden-number.ts`), where its row tells one. */
export type BlockRecord = { record: Index; number?: string }

/** A record under a blocking key. */
export type BlockingRow = { key: BlockingKey } & BlockRecord

/** The batch and line where the content that stands for a key with a conflict was last seen. */
export type LastSeen = { batch: string; line: number }

/** What leads to a family. Only a No. KK is a number of its own; the others are hints. Persons are found by blocking keys. */
export type IdentifierKind = 'kk' | 'household' | 'head'

/** A person or family: as it is stored, or new. A step that changes it makes another value of it. */
export type Subject = {
  readonly id: SubjectId
  readonly level: 'keluarga' | 'individu'
  /** 0 until it was delivered for the first time. */
  readonly version: number
  /** Blind index of all that was last delivered but the version and the entries; empty before. */
  readonly hash: Index
  /** The family of a person as last delivered, by the id that it goes by now. */
  readonly family: FamilyId | null
  /** Blind index of the region that its own records say, as last told; empty where they say none. */
  readonly region: Index
  /** How many No. KK lead here; 0 for a person. */
  readonly cardCount: number
  /** Not in the database yet. */
  readonly isNew: boolean
}

/** One subject that lives on as another. */
export type Redirect = { from: SubjectId; into: SubjectId }

/** A subject that nobody has seen before. */
export function newSubject(id: SubjectId, level: Subject['level']): Subject {
  return { id, level, version: 0, hash: '', family: null, region: '', cardCount: 0, isNew: true }
}
