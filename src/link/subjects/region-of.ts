import type { KeptRecord } from '../compare/features.ts'
import { inOrder, type OpenedRecord } from './merge.ts'
import type { Survivorship } from './survivorship.ts'

/** The BPS code of the smallest place that a record's own words name; undefined where they name none. */
function regionOfRecord({ level, fields, extensions, village, region }: KeptRecord): string | undefined {
  const code = level === 'keluarga' ? fields.kode_kelurahan_desa : (extensions?.kode_kelurahan_desa ?? village)
  return typeof code === 'string' ? code : region
}

/** The region that the most trusted record of a subject states; another record may say which part of it. */
export function regionOfSources(sources: readonly OpenedRecord[], rules: Survivorship): string | undefined {
  const placed = sources.filter(({ record }) => regionOfRecord(record) !== undefined)
  const rank = rules.fields.get('keluarga.kode_kelurahan_desa') ?? rules.rank
  const [first, ...others] = inOrder(placed, rank).flatMap(({ record }) => regionOfRecord(record) ?? [])
  if (first === undefined) return undefined
  return others.reduce((code, other) => (other.length > code.length && other.startsWith(code) ? other : code), first)
}
