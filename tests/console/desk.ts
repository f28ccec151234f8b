import { openRegistry } from '../../src/deps.ts'
import type { CanonicalRecord } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { newId } from '../../src/io/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../src/trust/keys/vault.ts'
import { openGateway, type TestGateway } from '../flows/gateway.ts'

// Nobody: the numbers are made up, of a region that no register has.
const BUDI = {
  nama: 'BUDI CONTOH',
  tanggal_lahir: '1980-02-03',
  jenis_kelamin: '1',
  nomor_induk_kependudukan: '9971010302800001',
  nomor_kartu_keluarga: '9971010101010001',
  status_hubungan_keluarga: '1',
  status_kawin: '2',
}

/** Two records that may be one person: the NIK is another, and day and month are exchanged. */
export const POSSIBLE_MATCH: [CanonicalRecord['fields'], CanonicalRecord['fields']] = [
  BUDI,
  {
    ...BUDI,
    nama: 'BUDI <b>CONTOH</b> & "ANAK"',
    tanggal_lahir: '1980-03-02',
    nomor_induk_kependudukan: '9971010203800001',
    status_kawin: '1',
  },
]

/** The built-in registry. */
export const REGISTRY = openRegistry({}, openVault(createKeyRing(new Date(0))))

/** The whole API with the built-in registry, on a database of its own. */
export async function openDesk(settings: Record<string, string> = {}): Promise<TestGateway> {
  return openGateway(settings, await REGISTRY)
}

/** Stores a possible match as the link stage leaves it; answers its id. */
export async function raisePossibleMatch(
  { db, vault }: TestGateway,
  pair = POSSIBLE_MATCH,
  name = 'satu',
): Promise<string> {
  const keys: string[] = []
  for (const [at, fields] of pair.entries()) {
    const [platform, dataset] = [['carik-jakarta', 'carik'] as const, ['sumedang', 'sumedang'] as const][at] ?? ['', '']
    const record: CanonicalRecord = { level: 'individu', key: `${name}-${at}`, path: '', fields }
    const key = vault.index('key', sourceKey(platform, dataset, 'individu', record.key))
    const person = newId('per')
    const sealed = vault.seal(
      Buffer.from(JSON.stringify(record)),
      aad(platform, 'source_record', key.toString('hex'), 'record'),
    )
    const hash = Buffer.alloc(16)
    await db.pool.query(sql`
      insert into subject (id, level, version, golden_hash) values (${person}, 'individu', 1, ${hash})`)
    await db.pool.query(sql`
      insert into source_record (key_index, subject, platform, dataset, receipt_order, batch, line, content_hash, sealed)
      values (${key}, ${person}, ${platform}, ${dataset}, 1, 'bat_1', 1, ${hash}, ${sealed})`)
    keys.push(key.toString('hex'))
  }
  const [a = '', b = ''] = keys.toSorted()
  const id = newId('rev')
  await db.pool.query(sql`
    insert into review (id, a, b, weight, model) values (${id}, decode(${a}, 'hex'), decode(${b}, 'hex'), 4.2, '1')`)
  return id
}

/** What the audit log says was done to a thing, in order: by whom, and what. */
export async function auditOf({ db }: TestGateway, object: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ actor: string; action: string }>(sql`
    select actor, action from audit where object = ${object} order by sequence`)
  return rows.map(({ actor, action }) => `${actor} ${action}`)
}
