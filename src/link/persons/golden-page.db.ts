import type { GoldenLine } from '../../domain/golden.ts'
import type { FamilyId, PersonId, SubjectId } from '../../domain/ids.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { mergeGolden } from '../subjects/merge.ts'
import { openRecord } from '../subjects/open-record.db.ts'
import { toldSubjectsAfter } from '../subjects/page.sql.ts'
import { readSources } from '../subjects/source.sql.ts'
import { readMerged } from '../subjects/subjects.sql.ts'
import type { Survivorship } from '../subjects/survivorship.ts'

/** Golden records as they stand, and the id to go on after; undefined at the end. `place` is the BPS code of the smallest known place. */
export type GoldenPage = { lines: { line: GoldenLine; place: string }[]; next: SubjectId | undefined }

const CODES = ['kode_kelurahan_desa', 'kode_kecamatan', 'kode_kabupaten_kota', 'kode_provinsi']

/** Merges the golden records of the subjects after an id, without the entries behind them; a person is where the family is. */
export async function readGoldenPage(
  db: Db,
  { vault, survivorship }: { vault: Pick<Vault, 'open'>; survivorship: Survivorship },
  after: string,
  limit: number,
): Promise<GoldenPage> {
  const subjects = await toldSubjectsAfter(db, after, limit)
  const ids = subjects.map(({ id }) => id)
  const here = new Set<SubjectId>(ids)
  const families = [...new Set(subjects.flatMap(({ family }) => (family === null || here.has(family) ? [] : family)))]
  const sources = Map.groupBy(await readSources(db, [...ids, ...families]), ({ subject }) => subject)
  const merged = Map.groupBy(await readMerged(db, ids), ({ into }) => into)
  const goldenOf = (id: SubjectId) => {
    const rows = sources.get(id)
    if (rows === undefined) return undefined
    return mergeGolden(
      rows.map((row) => ({ ...row, record: openRecord(row, vault) })),
      survivorship,
    )
  }
  const places = new Map<SubjectId, string>(families.map((id) => [id, placeOf(goldenOf(id)?.record)]))
  const golden = subjects.flatMap((subject) => {
    const found = goldenOf(subject.id)
    if (found !== undefined && subject.level === 'keluarga') places.set(subject.id, placeOf(found.record))
    return found === undefined ? [] : [{ subject, golden: found }]
  })
  const lines = golden.map(({ subject: { id, level, version, family }, golden: found }) => {
    const ledTo = merged
      .get(id)
      ?.map((one) => one.id)
      .sort()
    const tail = { version, ...found, entries: [], ...(ledTo && { merged: ledTo }) }
    const line: GoldenLine =
      level === 'keluarga'
        ? { subject: id as FamilyId, level, ...tail }
        : { subject: id as PersonId, level, ...(family && { family }), ...tail }
    return { line, place: placeOf(found.record) || (places.get(family ?? id) ?? '') }
  })
  return { lines, next: subjects.length === limit ? ids.at(-1) : undefined }
}

function placeOf(record: Readonly<Record<string, string | number>> = {}): string {
  const field = CODES.find((code) => record[code] !== undefined)
  return field === undefined ? '' : String(record[field])
}
