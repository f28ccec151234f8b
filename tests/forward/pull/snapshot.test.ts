import { createPublicKey, hash, verify } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { parse } from 'csv-parse/sync'
import { httpbis } from 'http-message-signatures'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../../src/forward/feed.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { entry, family, person, push } from '../../link/support.ts'
import { freshDatabase } from '../../support/database.ts'
import { served } from '../api.ts'
import { goldenLines, linkChunk } from '../gateway.ts'

/** Three deliveries about the same family, of the day before yesterday, yesterday and today, and the dates of these days. */
async function threeDays(db: Pool) {
  const lines = goldenLines('bat_days', 1)
  const placed = lines.map((line) =>
    line.level === 'keluarga' ? { ...line, record: { ...line.record, kode_provinsi: '31' } } : line,
  )
  for (let version = 1; version <= 3; version++) {
    const { delivery } = await linkChunk(db, 1, () => placed.map((line) => ({ ...line, version })))
    await sequenceDeliveries(db)
    await db.query(
      sql`update delivery set composed_at = now() - make_interval(days => ${3 - version}) where id = ${delivery}`,
    )
  }
  const { rows } = await db.query<{ days: string[] }>(sql`
    select array(select ((now() at time zone 'Asia/Jakarta')::date - n)::text from generate_series(3, -1, -1) n) as days`)
  return rows[0]?.days ?? []
}

describe('a snapshot of a day', () => {
  it('has the last line of each subject that was told until its end, and says where the feed goes on', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [before, first, second] = await threeDays(db.pool)
    const read = async (date: string | undefined, query = '') => {
      const answer = await api.get(`/v1/snapshots/${date}${query}`)
      expect([date, answer.status, answer.headers.get('content-type')]).toEqual([date, 200, 'application/x-ndjson'])
      const lines = (await answer.text())
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { version: number })
      return { versions: lines.map(({ version }) => version), next: answer.headers.get('titian-next') ?? '' }
    }
    expect(await read(before)).toEqual({ versions: [], next: '0' })
    const told = await read(first)
    expect(told.versions).toEqual([1, 1, 1])
    expect((await read(second)).versions).toEqual([2, 2, 2])
    expect((await read(second, '?region=31')).versions).toEqual([2, 2, 2])
    expect((await read(second, '?region=32')).versions).toEqual([])
    const { deliveries } = (await (await api.get(`/v1/deliveries?after=${told.next}`)).json()) as Feed
    expect(deliveries.map(({ position }) => position)).toEqual(['2', '3'])
    const { rows } = await db.pool.query(sql`select count(*)::integer as n from audit where action = 'snapshot.read'`)
    expect(rows).toEqual([{ n: 5 }])
  })

  it('is refused when a delivery of it is past retention, and when it is not over and not today', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [, first, , today, tomorrow] = await threeDays(db.pool)
    await db.pool.query(sql`update delivery set payload = null where position = 1`)
    const gone = await api.get(`/v1/snapshots/${first}`)
    expect([gone.status, ((await gone.json()) as { type: string }).type]).toEqual([410, '/problems/snapshot-gone'])
    expect((await api.get(`/v1/snapshots/${today}`)).status).toBe(200)
    const asked = [tomorrow, '2026-13-01', 'kemarin', `${today}?region=3`, `${today}?after=1`]
    for (const date of asked) expect([date, (await api.get(`/v1/snapshots/${date}`)).status]).toEqual([date, 400])
  })

  it('is signed in each of its forms, and each form says the same of the same subjects, of today and of a day before', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [, first, , today] = await threeDays(db.pool)
    await someFamilies(db.pool)
    for (const date of [first, today]) {
      const lines = (await whole(api, `/v1/snapshots/${date}`, 'application/x-ndjson'))
        .toString()
        .split('\n')
        .filter(Boolean)
      const told = lines.map((line) => JSON.parse(line) as Told)
      expect(told.length).toBeGreaterThan(2)
      for (const level of ['keluarga', 'individu']) {
        const expected = told.filter((line) => line.level === level).map(rowOf)
        const path = `/v1/snapshots/${date}?level=${level}`
        const rows = parse(await whole(api, path, 'text/csv'), { columns: true }) as Record<string, string>[]
        const csv = rows.map((row) => COLUMNS.map((name) => row[name]))
        expect([date, level, csv]).toEqual([date, level, expected])
        const parquet = await whole(api, path, 'application/vnd.apache.parquet')
        expect([date, level, await readParquet(parquet)]).toEqual([date, level, expected])
      }
    }
  })

  it('says how sure a person is and whether a steward is asked, in each of its forms', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [today] = await dayNow(db.pool)
    await someFamilies(db.pool)
    const rows = parse(await whole(api, `/v1/snapshots/${today}?level=individu`, 'text/csv'), {
      columns: true,
    }) as Row[]
    const standing = rows.map((row) => [
      row.titian_confidence === '' ? 'alone' : Number(row.titian_confidence) > 0.9,
      row.titian_review,
    ])
    expect(standing.sort()).toEqual([
      ['alone', 'false'],
      ['alone', 'true'],
      ['alone', 'true'],
      [true, 'false'],
    ])
  })

  it('is asked for by Accept and level, and by nothing that could be meant otherwise', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [, first] = await threeDays(db.pool)
    const asked: [string, string, number][] = [
      ['', '*/*', 200],
      ['?level=individu', 'text/csv', 200],
      ['?level=keluarga&region=32', 'application/vnd.apache.parquet', 200],
      ['', 'text/csv', 400],
      ['?level=individu', 'application/x-ndjson', 400],
      ['?level=rumah', 'text/csv', 400],
      ['', 'application/pdf', 406],
    ]
    for (const [query, accept, status] of asked) {
      const answer = await api.get(`/v1/snapshots/${first}${query}`, { accept })
      expect([query, accept, answer.status]).toEqual([query, accept, status])
    }
  })
})

type Row = Record<string, string>
type Told = {
  subject: string
  level: string
  version: number
  confidence?: number | null
  review?: boolean
  record: Row
}
const COLUMNS = ['titian_subject', 'titian_version', 'titian_confidence', 'titian_review']

/** What a form must say of a line, as text; empty where the line says nothing. */
function rowOf({ subject, version, confidence, review }: Told): string[] {
  return [subject, String(version), String(confidence ?? ''), String(review ?? '')]
}

async function dayNow(db: Pool): Promise<string[]> {
  const { rows } = await db.query<{ day: string }>(sql`select (now() at time zone 'Asia/Jakarta')::date::text as day`)
  return rows.map(({ day }) => day)
}

/** A person whom two platforms know, one whom one knows, and two of whom a steward is asked. */
async function someFamilies(db: Pool): Promise<void> {
  const card = '3174010101100001'
  const place = { kode_kelurahan_desa: '3174010001', nomor_kartu_keluarga: card }
  const known = { nomor_induk_kependudukan: '3174010505800001', nama: 'ORANG SATU', tanggal_lahir: '1980-05-05' }
  const lone = { nomor_induk_kependudukan: '3174010606810002', nama: 'WARGA LAIN', tanggal_lahir: '1981-06-06' }
  const twice = { nomor_induk_kependudukan: '3174010707820003', nomor_kartu_keluarga: card }
  await push(db, [
    entry(
      1,
      'F',
      family('F', place),
      person('P-1', { ...known, nomor_kartu_keluarga: card }),
      person('P-2', { ...lone, nomor_kartu_keluarga: card }),
    ),
    entry(2, 'G', person('P-3', { ...twice, nama: 'SITI AMINAH', tanggal_lahir: '1982-07-07' })),
    entry(
      3,
      'H',
      person('P-4', {
        nomor_induk_kependudukan: '3174010707820003',
        nama: 'BAMBANG SUTEJO',
        tanggal_lahir: '1950-01-31',
      }),
    ),
  ])
  await push(db, [entry(1, 'D', person('D', known))], { dataset: 'dtks-individu' })
}

/** A whole answer, once its signature and its digest hold; the verifier is not Titian's. */
async function whole(api: Awaited<ReturnType<typeof served>>, path: string, accept: string): Promise<Buffer> {
  const answer = await api.get(path, { accept })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const headers = Object.fromEntries(answer.headers)
  expect([path, accept, answer.status]).toEqual([path, accept, 200])
  expect(headers['content-digest']).toBe(`sha-256=:${hash('sha256', bytes, 'base64')}:`)
  const keyLookup = async ({ keyid }: { keyid?: string }) => {
    const jwk = api.jwks.keys.find(({ kid }) => kid === keyid)
    if (jwk === undefined) return null
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return {
      id: jwk.kid,
      algs: ['ed25519'],
      verify: async (data: Buffer, signature: Buffer) => verify(null, data, key, signature),
    }
  }
  const requiredFields = ['@status', '@method', '@path', '@query', 'content-type', 'content-digest', 'titian-next']
  const config = { keyLookup, requiredFields, requiredParams: ['created', 'expires', 'keyid'] }
  const request = { method: 'GET', url: api.url + path, headers: {} }
  expect([path, await httpbis.verifyMessage(config, { status: 200, headers }, request)]).toEqual([path, true])
  const other = { ...headers, 'titian-next': '99' }
  expect(await httpbis.verifyMessage(config, { status: 200, headers: other }, request).catch(() => false)).toBe(false)
  return bytes
}

async function readParquet(bytes: Buffer): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'titian-snapshot-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const file = join(folder, 'snapshot.parquet')
    await writeFile(file, bytes)
    const result = await connection.runAndReadAll(`select ${COLUMNS.join(', ')} from read_parquet('${file}')`)
    return result.getRows().map((row) => row.map((value) => String(value ?? '')))
  } finally {
    connection.closeSync()
    instance.closeSync()
    await rm(folder, { recursive: true })
  }
}
