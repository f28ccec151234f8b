import { openRegistry } from '../../src/deps.ts'
import type { CanonicalRecord } from '../../src/domain/entry.ts'
import { sourceKey } from '../../src/domain/keys.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { aad, openVault } from '../../src/trust/keys/vault.ts'
import { openGateway, push, type TestGateway } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { insertPerson, insertReview, insertSourceRecord } from '../support/fixtures/rows.ts'

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
  const keys: Buffer[] = []
  for (const [at, fields] of pair.entries()) {
    const [platform, dataset] = [['carik-jakarta', 'carik'] as const, ['sumedang', 'sumedang'] as const][at] ?? ['', '']
    const record: CanonicalRecord = { level: 'individu', key: `${name}-${at}`, path: '', fields }
    const key = vault.index('key', sourceKey(platform, dataset, 'individu', record.key))
    const sealed = vault.seal(
      Buffer.from(JSON.stringify(record)),
      aad(platform, 'source_record', key.toString('hex'), 'record'),
    )
    const subject = await insertPerson(db.pool)
    await insertSourceRecord(db.pool, { key_index: key, subject, platform, dataset, sealed })
    keys.push(key)
  }
  return insertReview(db.pool, keys as [Buffer, Buffer])
}

/** What the audit log says was done to a thing, in order: by whom, and what. */
export async function auditOf({ db }: TestGateway, object: string): Promise<string[]> {
  const { rows } = await db.pool.query<{ actor: string; action: string }>(sql`
    select actor, action from audit where object = ${object} order by sequence`)
  return rows.map(({ actor, action }) => `${actor} ${action}`)
}

const JEMBRANA =
  'KODE_DATA,NIK,NO_KK,NAMA,JK,TEMPAT_LAHIR,TGL_LAHIR,UMUR,SHDK,STATUS_KAWIN,PENDIDIKAN,PEKERJAAN,KODE_DESA,NAMA_DESA,' +
  'NAMA_KECAMATAN,BANJAR,ALAMAT,LANTAI,DINDING,ATAP,AIR,PENERANGAN,DAYA,BAHAN_BAKAR,JAMBAN,LUAS_LANTAI,BANTUAN,DISABILITAS,' +
  'STATUS_ASN,TGL_DATA'

/** Pushes one man under two keys, with two family cards and two kinds of work; answers the id of the person he becomes. */
export async function pushTwice(desk: TestGateway): Promise<string> {
  const row = (key: string, kk: string, work: string) =>
    `${key},5101010703760001,${kk},I KETUT CONTOH,LK,JEMBRANA,07-03-76,48,KEPALA KELUARGA,KAWIN,SLTP/SEDERAJAT,${work},` +
    '5101021006,DAUHWARU,JEMBRANA,CONTOH,JL. CONTOH,02,01,02,02,01,02,03,01,85,,TIDAK,TIDAK,06-09-24'
  const rows = [row('IB1', '5101052702130001', 'KARYAWAN SWASTA'), row('IB2', '5101052702130002', 'PETANI/PEKEBUN')]
  const as = { dataset: 'jembrana', 'content-type': 'text/csv' }
  await push(await desk.caller('jembrana'), 'k-1', `${[JEMBRANA, ...rows].join('\n')}\n`, as)
  await workAll(desk, await REGISTRY)
  const { rows: persons } = await desk.db.pool.query<{ subject: string }>(
    "select distinct subject from source_record where subject like 'per%'",
  )
  return persons[0]?.subject ?? ''
}
