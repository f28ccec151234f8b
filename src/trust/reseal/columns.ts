import { aad } from '../keys/vault.ts'

/** A column whose values the vault seals, and where each value says that it belongs. */
export type SealedColumn = {
  table: string
  column: string
  /** How it is stored: the sealed bytes, or their base64 as text. */
  form: 'bytes' | 'base64'
  /** Texts of a row that its place is made of, as SQL, and a table that is joined for them. */
  names: readonly string[]
  join?: string
  place(names: readonly string[]): string
  /** Values of megabytes: few are taken at once. */
  isLarge?: true
  /** An index of the row, evenly spread, by which the table is walked where it is distributed: rows there have no pages in common. */
  spreadBy?: string
}

const NATIONAL = 'bps'
const reason = (table: string, column = 'reason'): SealedColumn => ({
  table,
  column,
  form: 'base64',
  names: [],
  place: () => aad('titian', 'reason', '', 'text'),
})
const byId = (table: string, column: string): SealedColumn => ({
  table,
  column,
  form: 'bytes',
  names: ['t.platform', 't.id'],
  place: ([platform = '', id = '']) => aad(platform, table, id, column),
  isLarge: true,
})
const account = (column: 'name' | 'totp'): SealedColumn => ({
  table: 'account',
  column,
  form: 'bytes',
  names: ['t.id'],
  place: ([id = '']) => aad('titian', 'account', id, column),
})
const webhook = (column: string): SealedColumn => ({
  table: 'webhook',
  column,
  form: 'bytes',
  names: ['t.platform', 't.name'],
  place: ([platform = '', name = '']) => aad(platform, 'webhook', name, 'secret'),
})

/** Every column that holds sealed values: what is sealed anew when keys rotate. A test compares it with the schema. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'source_record',
    column: 'sealed',
    form: 'bytes',
    names: ['t.platform', `encode(t.key_index, 'hex')`],
    place: ([platform = '', key = '']) => aad(platform, 'source_record', key, 'record'),
    spreadBy: 'key_index',
  },
  byId('chunk', 'raw'),
  byId('chunk', 'cleaned'),
  byId('delivery', 'payload'),
  {
    table: 'subject_result',
    column: 'sealed',
    form: 'bytes',
    names: ['t.batch', 't.line::text'],
    place: ([batch = '', line = '']) => aad(NATIONAL, 'subject_result', `${batch}:${line}`, 'sealed'),
  },
  {
    table: 'upload_part',
    column: 'sealed',
    form: 'bytes',
    names: ['u.platform', 't.upload', 't.at::text'],
    join: 'join upload u on u.id = t.upload',
    place: ([platform = '', upload = '', at = '']) => aad(platform, 'upload_part', `${upload}/${at}`, 'sealed'),
    isLarge: true,
  },
  {
    table: 'lookup_row',
    column: 'sealed',
    form: 'bytes',
    names: ['s.platform', 't.submission', `encode(t.key_index, 'hex')`],
    join: 'join submission s on s.id = t.submission',
    place: ([platform = '', submission = '', key = '']) =>
      aad(platform, 'lookup_row', `${submission}/${key}`, 'sealed'),
  },
  webhook('secret'),
  webhook('earlier_secret'),
  {
    table: 'erasure',
    column: 'sought',
    form: 'bytes',
    names: ['t.id'],
    place: ([id = '']) => aad('titian', 'erasure', id, 'sought'),
  },
  {
    table: 'restriction',
    column: 'known',
    form: 'bytes',
    names: ['t.id'],
    place: ([id = '']) => aad('titian', 'restriction', id, 'known'),
  },
  {
    table: 'person_request',
    column: 'wish',
    form: 'bytes',
    names: ['t.id'],
    place: ([id = '']) => aad('titian', 'person_request', id, 'wish'),
  },
  {
    table: 'correction_task',
    column: 'said',
    form: 'bytes',
    names: ['t.id'],
    place: ([id = '']) => aad('titian', 'correction_task', id, 'said'),
  },
  reason('correction_task', 'kept_reason'),
  {
    table: 'breach',
    column: 'said',
    form: 'bytes',
    names: ['t.id'],
    place: ([id = '']) => aad('titian', 'breach', id, 'said'),
  },
  reason('erasure'),
  reason('restriction'),
  reason('person_request'),
  reason('restriction', 'lift_reason'),
  reason('review'),
  reason('review', 'opinion_reason'),
  reason('link_decision'),
  reason('label_pair'),
  reason('release'),
  reason('batch', 'snapshot_reason'),
  reason('delivery', 'resent_reason'),
  reason('unmerge_opinion'),
  account('name'),
  account('totp'),
]
