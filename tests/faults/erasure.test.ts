import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Pool } from 'pg'
import { expect, inject, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { openRecord } from '../../src/link/subjects/sealed-record/open-record.db.ts'
import { parseKeyRing } from '../../src/trust/keys/keyring.ts'
import { verifiersOf } from '../../src/trust/keys/signing-keys.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { openNote } from '../../src/trust/tree/note.ts'
import { openEverything } from '../support/opened.ts'
import { judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { type System, startSystem } from '../support/system.ts'
import { payloadOf } from './families.ts'

type Erasure = {
  id: string
  state: string
  batches: string[]
  certificate: string | null
  destroyed: { records: number }
}
const FLAWLESS = { lost: 0, unexpected: 0, doubled: 0, gap: 0 }

it('an erased person is nowhere, whichever process dies on the way, and does not come back', {
  timeout: 600_000,
}, async () => {
  await using system = await startSystem()
  await using db = await poolOf(system)
  const ring = parseKeyRing(await readFile(system.keys, 'utf8'), system.keys)
  const vault = openVault(ring)
  let gateway = await system.start('serve')
  await system.start('receiver')
  let worker = await system.start('work')
  const lines = [...families(60, 1)]
  const carik = system.as('carik-jakarta')
  const { batch } = await carik.push('carik', 'once', payloadOf(lines))
  await carik.settled(batch.id)
  const { person, nik } = await anybody(db.pool, vault)
  expect(await holding(db.pool, vault, nik)).toEqual(
    expect.arrayContaining(['chunk.raw', 'chunk.cleaned', 'delivery.payload', 'source_record.sealed']),
  )

  // One asks; the same one may not confirm.
  const [first, second] = [system.as('wali-1'), system.as('wali-2')]
  const asked = await first.post<Erasure>(`/v1/subjects/${person}/erasure`, { reason: 'atas permintaan sendiri' })
  expect(asked.state).toBe('asked')
  expect((await first.post<Erasure>(`/v1/subjects/${person}/erasure`, { reason: 'lagi' })).id).toBe(asked.id)
  await expect(first.post(`/v1/erasures/${asked.id}/confirm`)).rejects.toThrow(/wali data lain|another steward/)
  await Promise.all([system.kill(worker), system.kill(gateway)])

  gateway = await system.start('serve', { CRASH_AT: 'erasure:before-confirm:1' })
  const confirmed = second.post<Erasure>(`/v1/erasures/${asked.id}/confirm`)
  await gateway.ended
  expect(gateway.signal()).toBe('SIGKILL')
  // Without a worker nothing is taken away yet.
  gateway = await system.start('serve')
  expect((await confirmed).state).toBe('taking')
  await system.kill(gateway)
  gateway = await system.start('serve', { CRASH_AT: 'erasure:before-commit:1' })
  worker = await system.start('work', { CRASH_AT: 'erasure:before-commit:2' })
  await Promise.all([gateway.ended, worker.ended])
  expect([gateway.signal(), worker.signal()]).toEqual(['SIGKILL', 'SIGKILL'])
  await Promise.all([system.start('serve'), system.start('work')])
  const read = () => second.get<Erasure>(`/v1/erasures/${asked.id}`)
  await until(async () => (await read()).state === 'done', 60)
  const done = await read()

  expect(await holding(db.pool, vault, nik)).toEqual([])
  // An id is no secret: the search finds what is there.
  expect(await plainPlaces(system, person)).not.toEqual([])
  expect(await plainPlaces(system, nik)).toEqual([])
  const origin = `${new URL(system.url).host}/erasures/${asked.id}`
  const certificate = openNote(done.certificate ?? '', origin, verifiersOf(ring.deliveries).values())
  expect(certificate).toContain(`subject ${person}\n`)
  expect(certificate).not.toContain(nik)
  const counted = async (id: string) => (await carik.get<BatchView>(`/v1/batches/${id}`)).counts.received
  const sent = new Map([[batch.id, 60]])
  for (const id of done.batches) sent.set(id, await counted(id))
  expect(await judge(system, sent)).toMatchObject(FLAWLESS)
  expect((await carik.get<BatchView>(`/v1/batches/${batch.id}`)).gap).toBe(0)

  // The region states the same again: the one family is refused, the others stay as they are.
  const again = await carik.push('carik', 'again', payloadOf(lines))
  expect(await carik.settled(again.batch.id)).toMatchObject({ gap: 0, counts: { rejected: 1, unchanged: 59 } })
  await until(async () => (await holding(db.pool, vault, nik)).length === 0, 30)
  await until(async () => (await db.pool.query('select from erased_again')).rowCount === 0, 30)
  sent.set(again.batch.id, 60)
  expect(await judge(system, sent)).toMatchObject(FLAWLESS)
  await Promise.all([carik.close(), first.close(), second.close()])
})

async function poolOf({ database }: System): Promise<AsyncDisposable & { pool: Pool }> {
  const pool = openPool(`${inject('postgres').app}${database}`, 2)
  return { pool, [Symbol.asyncDispose]: () => pool.end() }
}

/** A person with a number, who is no head of a family. */
async function anybody(pool: Pool, vault: ReturnType<typeof openVault>): Promise<{ person: string; nik: string }> {
  const { rows } = await pool.query<{ subject: string; platform: string; key: string; sealed: Buffer }>(
    `select subject, platform, encode(key_index, 'hex') as key, sealed from source_record where subject like 'per%' order by 1`,
  )
  for (const { subject, platform, key, sealed } of rows) {
    const { fields } = openRecord({ key, platform, sealed }, vault)
    const nik = fields.nomor_induk_kependudukan
    if (typeof nik === 'string' && fields.status_hubungan_keluarga !== '1') return { person: subject, nik }
  }
  throw new Error('nobody has a number')
}

/** The columns in which a number stands once everything is opened that the keys open. */
async function holding(pool: Pool, vault: ReturnType<typeof openVault>, nik: string): Promise<string[]> {
  const found = (await openEverything(pool, vault)).filter(({ text }) => text.includes(nik))
  return [...new Set(found.map(({ from }) => from))].sort()
}

/** Files of the database server (heap and WAL) and of the processes (logs) in which a text stands in one of eight encodings. */
async function plainPlaces({ database, keys }: System, nik: string): Promise<string[]> {
  const { admin } = inject('postgres')
  const folder = await withClient(`${admin}${database}`, async (client) => {
    await client.query('vacuum full')
    await client.query('select pg_switch_wal()')
    await client.query('checkpoint')
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory ?? ''
  })
  const bytes = Buffer.from(nik)
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 1, -4),
  )
  const codes = [
    nik,
    bytes.toString('hex'),
    ...base64,
    Buffer.from(nik, 'utf16le').toString('latin1'),
    [...bytes].map((byte) => `%${byte.toString(16)}`).join(''),
    [...nik].reverse().join(''),
  ]
  const patterns = codes.map((code) =>
    [...Buffer.from(code, 'latin1')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join(''),
  )
  // Exit 1: nowhere. Exit 2 also when a file went while it was read: other tests drop databases and temporary tables.
  const args = ['-rlaP', patterns.join('|'), folder, dirname(keys)]
  const { stdout, stderr, status } = spawnSync('grep', args, { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } })
  const complaints = stderr.split('\n').filter((line) => line !== '' && !line.endsWith(': No such file or directory'))
  if (status === null || complaints.length > 0) throw new Error(`grep: ${status ?? 'killed'} ${complaints[0] ?? ''}`)
  return stdout.split('\n').filter((line) => line !== '')
}
