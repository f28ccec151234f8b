import type { CanonicalRecord } from '../../domain/entry.ts'
import type { FamilyId, SubjectId } from '../../domain/ids.ts'

/** A blind index as 32 hexadecimal digits, so that it can be the key of a map. */
export type Index = string

/** The first 64 bits of a blind index, as PostgreSQL writes a bigint. */
export type BlockingKey = string

/** Where the content that stands for a key that came twice was last seen. */
export type LastSeen = { batch: string; line: number }

/** What leads to a family. Only a No. KK is a number of its own; the others are hints. Persons are found by blocking keys. */
export type IdentifierKind = 'kk' | 'household' | 'head'

/** A source record as it stands, or as it will stand after this chunk. */
export type Source = {
  key: Index
  platform: string
  dataset: string
  content: Index
  /** Opened when it is needed: most records of a subject never are. */
  open: () => CanonicalRecord
  /** The family that an individu record names; it may have been found to be another since. */
  family: FamilyId | undefined
  /** The subject it had for its own before a merge. */
  former?: SubjectId | undefined
}

/** A person or family while a chunk is linked. */
export type Subject = {
  id: SubjectId
  level: 'keluarga' | 'individu'
  /** 0 until it was delivered for the first time. */
  version: number
  /** Blind index of the golden record as last delivered; empty before. */
  hash: Index
  family: FamilyId | undefined
  /** How many No. KK lead here; 0 for a person. */
  cardCount: number
  /** Not in the database yet. */
  isNew: boolean
  /** The row in the database is no longer right. */
  isDirty: boolean
  /** A merge had ended it, and it lives again. */
  isRevived: boolean
  sources: Map<Index, Source>
  /** Lines of the entries of this chunk that changed it: it goes into the delivery. */
  lines: Set<number>
  /** Set when it was found to be another subject. */
  into: Subject | undefined
  /** Where a record of a family went that was its own before: it follows when it has no record left. */
  leftFor: Subject | undefined
}

/** The subject that this one is by now. */
export function resolveSubject(subject: Subject): Subject {
  let found = subject
  while (found.into !== undefined) found = found.into
  return found
}

/** A subject that nobody has seen before. */
export function freshSubject(id: SubjectId, level: Subject['level']): Subject {
  return {
    id,
    level,
    version: 0,
    hash: '',
    family: undefined,
    cardCount: 0,
    isNew: true,
    isDirty: false,
    isRevived: false,
    sources: new Map(),
    lines: new Set(),
    into: undefined,
    leftFor: undefined,
  }
}
