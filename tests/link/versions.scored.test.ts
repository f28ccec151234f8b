import { describe, expect, it } from 'vitest'
import { numbersFrom } from '../../bench/families.ts'
import type { GoldenLine } from '../../src/domain/golden.ts'
import type { SubjectId } from '../../src/domain/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { freshDatabase } from '../support/database.ts'
import { readSampleFiles } from './push-samples.ts'
import { entry, family, judgeAll, person, push, unmerge } from './support.ts'

const BUDI = { nomor_induk_kependudukan: '3174010505800001', nama: 'BUDI SANTOSO', tanggal_lahir: '1980-05-05' }
const SITI = { nomor_induk_kependudukan: '3174014101820002', nama: 'SITI AMINAH', tanggal_lahir: '1982-01-01' }
const DTKS = { dataset: 'dtks-individu' }
const KK = { nomor_kartu_keluarga: '3174010101100001' }

/** Lines that a receiver which takes newer versions only would not take, though they say something else. */
function ignored(lines: readonly GoldenLine[]): string[] {
  const newest = new Map<string, { version: number; said: string }>()
  const found: string[] = []
  for (const { entries: _, ...line } of lines) {
    const { subject, version } = line
    const said = JSON.stringify(line)
    const before = newest.get(subject)
    if (before !== undefined && version <= before.version && said !== before.said) found.push(`${subject} ${version}`)
    if (before === undefined || version >= before.version) newest.set(subject, { version, said })
  }
  return found
}

describe('a delivered line', { timeout: 300_000 }, () => {
  it('has a new version whenever it says something else, over merges, unmerges and a relink of the samples', async () => {
    await using db = await freshDatabase()
    const lines: GoldenLine[] = []
    const files = await readSampleFiles()
    const pieces = files.flatMap((file) =>
      Array.from({ length: Math.ceil(file.entries.length / 150) }, (_, at) => ({
        ...file,
        entries: file.entries.slice(at * 150, at * 150 + 150),
      })),
    )
    const below = numbersFrom(1)
    const shuffled = pieces.map((piece) => ({ piece, at: below(1_000_000) })).sort((a, b) => a.at - b.at)
    for (const { piece } of shuffled) lines.push(...(await push(db.pool, piece.entries, piece)).lines)
    const merged = await db.pool.query<{ subject: SubjectId; key: string }>(sql`
      select subject, encode((array_agg(key_index order by key_index))[1], 'hex') as key
      from source_record where subject like 'per%' group by subject having count(*) > 1 order by 2 limit 40`)
    expect(merged.rows.length).toBeGreaterThan(5)
    for (const { subject, key } of merged.rows)
      lines.push(...((await unmerge(db.pool, subject, [key])).linked?.lines ?? []))
    lines.push(...(await judgeAll(db.pool)).lines)
    for (const { platform, dataset, entries } of files.slice(0, 2)) {
      const corrected = entries.slice(0, 150).map(({ records, ...rest }) => ({
        ...rest,
        records: records.map(({ fields, ...record }) => ({ ...record, fields: { ...fields, umur: 44 } })),
      }))
      lines.push(...(await push(db.pool, corrected, { platform, dataset })).lines)
    }
    expect(lines.length).toBeGreaterThan(3000)
    expect(lines.filter(({ merged }) => merged !== undefined).length).toBeGreaterThan(5)
    expect(ignored(lines)).toEqual([])
  })

  it('has a new version when only the ids that lead to it, or that of its family, are others', async () => {
    await using db = await freshDatabase()
    const household = { scheme: 'idbdt', key: 'H' }
    const lines: GoldenLine[] = []
    const send = async (entries: Parameters<typeof push>[1], more = {}) =>
      lines.push(...(await push(db.pool, entries, more)).lines)
    await send([entry(1, 'F', family('F', KK)), entry(2, 'B', person('B', BUDI))])
    await send([entry(1, 'X', person('X', BUDI, { household }))], DTKS)
    await send([entry(1, 'Y', person('Y', { ...SITI, ...KK }, { household }))], DTKS)
    await send([entry(1, 'X', person('X', { ...BUDI, nama: 'BUDI SANTOSA' }, { household }))], DTKS)
    expect(lines.filter(({ merged }) => merged !== undefined).map(({ level }) => level)).toEqual(['keluarga'])
    expect(ignored(lines)).toEqual([])
  })

  it('has a new version when its only source is another list that says the same', async () => {
    await using db = await freshDatabase()
    const first = await push(db.pool, [entry(1, 'B', person('B', BUDI))])
    const second = await push(db.pool, [entry(1, 'B', person('B', BUDI))], { dataset: 'dtks-individu' })
    const subject = first.lines[0]?.subject ?? 'per_'
    const { rows } = await db.pool.query<{ key: string }>(sql`
      select encode(key_index, 'hex') as key from source_record where dataset = 'carik'`)
    const parted = await unmerge(db.pool, subject, [rows[0]?.key ?? ''])
    expect(ignored([...first.lines, ...second.lines, ...(parted.linked?.lines ?? [])])).toEqual([])
  })
})
