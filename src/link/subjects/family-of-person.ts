import type { FamilyId } from '../../domain/ids.ts'
import { giverOf, inOrder, type OpenedRecord } from './merge.ts'
import type { SourceRecord } from './source-record.ts'
import type { Survivorship } from './survivorship.ts'

/** The family named by the record whose No. KK stands, else by the most trusted record that names one. */
export function familyOfPerson(
  sources: readonly (SourceRecord & OpenedRecord)[],
  rules: Survivorship,
): FamilyId | undefined {
  const naming = sources.filter((source) => source.family !== undefined)
  if (naming.length < 2) return naming[0]?.family
  const rank = rules.fields.get('individu.nomor_kartu_keluarga') ?? rules.rank
  const source = giverOf('nomor_kartu_keluarga', naming, rank) ?? inOrder(naming, rules.rank)[0]
  return source?.family
}
