import { aad } from '../keys/vault.ts'

/** A table that holds blind indexes, all of which are moved in one go when the index key rotates. */
export type IndexedTable = {
  table: string
  /** Columns of whole indexes; null and empty ones stay. */
  indexes: readonly string[]
  /** A column with the first half of an index, as a bigint. */
  block?: string
  /** A column with a number that is hidden under the key of an index (`hidden-number.ts`). */
  hidden?: string
  /** Two of the columns whose values ascend. */
  pair?: readonly [string, string]
  /** A column that is sealed for a place that an index names, and the text of the row that names it, too. */
  sealed?: { column: string; of: string; name: string; place(name: string, index: string): string }
}

/** Every table with indexes that a rotation moves. A test compares it, and the list below, with the schema. */
export const INDEXED_TABLES: readonly IndexedTable[] = [
  {
    table: 'source_record',
    indexes: ['key_index', 'content_hash'],
    sealed: {
      column: 'sealed',
      of: 'key_index',
      name: 'platform',
      place: (platform, key) => aad(platform, 'source_record', key, 'record'),
    },
  },
  { table: 'identifier', indexes: ['index'] },
  { table: 'blocking', indexes: ['record'], block: 'key', hidden: 'number' },
  { table: 'subject', indexes: ['golden_hash', 'region_hash'] },
  { table: 'entry', indexes: ['key_index'] },
  { table: 'key_conflict', indexes: ['key_index'] },
  { table: 'link_decision', indexes: ['a', 'b', 'leaver'], pair: ['a', 'b'] },
  { table: 'review', indexes: ['a', 'b'], pair: ['a', 'b'] },
  { table: 'label_pair', indexes: ['a', 'b'], pair: ['a', 'b'] },
  { table: 'snapshot_key', indexes: ['record_index'] },
  { table: 'withdrawal', indexes: ['named'] },
  { table: 'withdrawal_target', indexes: ['entry_index', 'record_index'] },
  { table: 'erased', indexes: ['index'] },
  { table: 'subject_result', indexes: ['content_hash'] },
  { table: 'correction_task', indexes: ['record_index', 'content'] },
]

/** Columns of keyed hashes that no rotation changes, each with why. */
export const LASTING_COLUMNS: Readonly<Record<string, string>> = {
  'lookup_row.key_index': 'gone when its submission is settled',
  'lookup_row.content_index': 'gone when its submission is settled',
  'session.index': '256 random bits, gone within hours',
  'used_proof.index': 'a plain digest, gone within minutes',
  'account.name_index': 'accounts are few, and their names no personal data of citizens',
  'account.subject_index': 'the same',
  'account_session.index': '256 random bits, gone within hours',
  'client.secret_hash': '256 random bits: nobody can guess what it is of',
  'restricted.name': 'of the few whose data is restricted, gone when that is lifted',
  'link_claim.keys': '32 bits of a hash of an index, gone with the chunk',
  'link_mark.marks': '32 bits of a hash of an index, gone after 64 changes',
}
