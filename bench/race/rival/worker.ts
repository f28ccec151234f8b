// The rival's worker: validates a family, writes it in one transaction with an upsert, and pushes it to the receiver.
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { Pool } from 'undici'
import { inTransaction, openPool } from '../../../src/io/postgres/postgres.ts'
import { openMarks } from './marks.ts'
import { CONCURRENCY, type FamilyJob, workJobs } from './queue.ts'

type Family = { id_keluarga: string; no_kk: string; kode_kelurahan: string; anggota: Person[] }
type Person = { id_individu: string; nik: string | null; nama: string; tanggal_lahir: string | null }

const SCHEMA = new URL('../../../src/registry/datasets/carik/1/schema.json', import.meta.url)
const REPORT_MS = 20
const KNOWN = 'select hash, delivered_at is not null as "isDelivered" from family where id = $1'
const SAVE_FAMILY = `
  insert into family (id, no_kk, village, hash, body) values ($1, $2, $3, $4, $5)
  on conflict (id) do update set no_kk = excluded.no_kk, village = excluded.village, hash = excluded.hash,
    body = excluded.body, updated_at = now(), delivered_at = null`
const SAVE_PERSONS = `
  insert into person (id, family, nik, name, born, body)
  select id, $2, nik, name, born, body
  from unnest($1::text[], $3::text[], $4::text[], $5::date[], $6::jsonb[]) as p (id, nik, name, born, body)
  on conflict (id) do update set family = excluded.family, nik = excluded.nik, name = excluded.name,
    born = excluded.born, body = excluded.body`

const [databaseUrl = '', receiverUrl = '', redisUrl] = process.argv.slice(2)
const validate = new Ajv2020({ allErrors: true, strict: false, formats: { date: true } }).compile<Family>(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
)
const db = openPool(databaseUrl, CONCURRENCY)
const receiver = new Pool(receiverUrl, { connections: CONCURRENCY })
const marks = openMarks(db)
let done = 0
const worker = workJobs({ databaseUrl, redisUrl }, work, (error) => process.send?.({ failed: error.message }))
const reporting = setInterval(report, REPORT_MS)
process.send?.({ url: '' })
process.once('SIGTERM', async () => {
  clearInterval(reporting)
  await worker.close()
  await marks.close()
  await db.end()
  await receiver.close()
  process.exit()
})

async function work({ text }: FamilyJob): Promise<void> {
  const family: unknown = JSON.parse(text)
  if (!validate(family)) throw new Error('a family does not fit the schema')
  const id = family.id_keluarga
  const digest = hash('sha256', text, 'buffer')
  const { rows } = await db.query<{ hash: Buffer; isDelivered: boolean }>({ name: 'known', text: KNOWN, values: [id] })
  const [known] = rows
  const isSame = known?.hash.equals(digest) ?? false
  if (!isSame) await save(family, digest, text)
  if (!isSame || known?.isDelivered === false) {
    await send(id, text)
    marks.note(id, digest)
  }
  done += 1
}

async function save(family: Family, digest: Buffer, text: string): Promise<void> {
  const { id_keluarga: id, no_kk, kode_kelurahan, anggota } = family
  const persons = [
    anggota.map((person) => person.id_individu),
    id,
    anggota.map(({ nik }) => nik),
    anggota.map(({ nama }) => nama),
    anggota.map(({ tanggal_lahir }) => tanggal_lahir),
    anggota.map((person) => JSON.stringify(person)),
  ]
  await inTransaction(db, async (tx) => {
    await tx.query({ name: 'family', text: SAVE_FAMILY, values: [id, no_kk, kode_kelurahan, digest, text] })
    await tx.query({ name: 'persons', text: SAVE_PERSONS, values: persons })
  })
}

async function send(id: string, text: string): Promise<void> {
  const { statusCode, body } = await receiver.request({
    method: 'PUT',
    path: `/families/${id}`,
    headers: { 'content-type': 'application/json' },
    body: text,
  })
  await body.dump()
  if (statusCode !== 204) throw new Error(`the receiver answered ${statusCode}`)
}

function report(): void {
  if (done > 0) process.send?.({ done })
  done = 0
}
