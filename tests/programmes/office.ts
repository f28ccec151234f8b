import type { SubjectId } from '../../src/domain/ids.ts'
import type { SubjectResult } from '../../src/domain/result.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { REGISTRY } from '../console/desk.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { freshDatabase } from '../support/database.ts'

const SCOPES: Scope[] = ['batches:write', 'batches:read', 'candidates:read', 'records:read']
export const SMART_KAMPUNG = 'smart-kampung-banyuwangi'

/** A record of Smart Kampung: somebody who does not exist, in a household of their own unless `noKk` says otherwise. */
export function resident(number: number, more: Record<string, unknown> = {}): string {
  const two = String(number).padStart(2, '0')
  const row = {
    idWarga: `SKW${two}`,
    nik: `35101141019800${two}`,
    noKk: `35101105021400${two}`,
    namaLengkap: `${NAMES[number % NAMES.length]} CONTOH`,
    jk: 2,
    tempatLahir: 'BANYUWANGI',
    tglLahir: '1998-01-01T00:00:00+07:00',
    hubungan: 1,
    statusKawin: 'K',
    pendidikan: 3,
    pekerjaan: 'Petani/Pekebun',
    hamil: true,
    alamat: { dusun: 'KRAJAN', rt: 2, rw: 9, kodeDesa: '3510242007' },
    bantuan: [],
    koordinat: { lat: -8.1, lng: 114.3 },
    kondisiRumah: { lantai: 'tegel', dinding: 'tembok', atap: 'genteng', air: 'kemasan', jamban: 'numpang', luas: 60 },
    diperbaruiPada: '2025-06-12T10:29:00+07:00',
  }
  return JSON.stringify({ ...row, ...more })
}

const NAMES = ['WAGIYEM', 'TUMINAH', 'SULASTRI', 'PONIRAH', 'KASMINI', 'RUSMIATI', 'JUMIATUN', 'MARSINAH']

/** The gateway with the whole registry, and a table of what BPS says in place of results that came. */
export async function openOffice() {
  const db = await freshDatabase()
  await withClient(db.ownerUrl, async (owner) => {
    await owner.query('create table said (subject text primary key, result jsonb not null)')
    await owner.query('grant select, insert, update, delete on said to public')
  })
  const registry = await REGISTRY
  const gateway = await openGateway({}, registry, {
    db,
    ring: createKeyRing(new Date('2026-01-01T00:00:00Z')),
    async readResults(subjects) {
      const { rows } = await db.pool.query<{ subject: SubjectId; result: SubjectResult }>(sql`
        select subject, result from said where subject = any(${subjects})`)
      return new Map(rows.map(({ subject, result }) => [subject, result]))
    },
  })
  return Object.assign(gateway, {
    office: (platform: string, scopes = SCOPES) => gateway.caller(platform, scopes),
    /** Pushes a file of a platform and works it. */
    async take(
      call: Awaited<ReturnType<typeof gateway.caller>>,
      dataset: string,
      key: string,
      body: string,
      type?: string,
    ) {
      const answer = await push(call, key, body, { dataset, ...(type && { 'content-type': type }) })
      if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
      await workAll(gateway, registry)
    },
    /** BPS says something of a subject. */
    async say(subject: string, more: Partial<SubjectResult>) {
      const result: SubjectResult = { ...NOTHING, subject: subject as SubjectId, ...more }
      await db.pool.query(sql`
        insert into said (subject, result) values (${subject}, ${JSON.stringify(result)})
        on conflict (subject) do update set result = excluded.result`)
    },
    /** The families that hold records of a platform, by their ids. */
    async families(): Promise<string[]> {
      const { rows } = await db.pool.query<{ id: string }>(sql`
        select id from subject where level = 'keluarga' and merged_into is null order by id`)
      return rows.map(({ id }) => id)
    },
  })
}

const NOTHING: Omit<SubjectResult, 'subject'> = {
  version: 'V3',
  asOf: '2026-09-30',
  dukcapil: 'match',
  status: 'active',
  reason: null,
  deciles: [],
  memberships: [],
  corrections: [],
  mend: [],
}

/** A national decile as BPS states it. */
export function decile(value: number): Pick<SubjectResult, 'deciles'> {
  return { deciles: [{ level: 'national', value, version: 'V3', period: '2026-Q3' }] }
}
