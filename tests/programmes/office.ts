import { randomUUID } from 'node:crypto'
import type { SubjectResult } from '../../src/domain/results/result.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { REGISTRY } from '../console/desk.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { postResults } from '../results/posting.ts'

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

/** The gateway with the whole registry, and BPS beside it. */
export async function openOffice() {
  const registry = await REGISTRY
  const gateway = await openGateway({}, registry)
  const { db } = gateway
  const bps = await gateway.caller(null, ['results:write'])
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
    async say(subject: string, { asOf, ...more }: Partial<SubjectResult>) {
      const dukcapil = subject.startsWith('per_') ? 'match' : null
      const line = { ...NOTHING, dukcapil, subject, ...more, ...(asOf && { as_of: asOf }) }
      const { batch, findings } = await postResults(gateway, registry, bps, [line], { key: randomUUID() })
      if (batch.counts.rejected !== 0) throw new Error(`BPS was not understood: ${JSON.stringify(findings)}`)
    },
    /** The families that hold records of a platform, by their ids. */
    async families(): Promise<string[]> {
      const { rows } = await db.pool.query<{ id: string }>(sql`
        select id from subject where level = 'keluarga' and merged_into is null order by id`)
      return rows.map(({ id }) => id)
    },
  })
}

const NOTHING = { version: 'V3', as_of: '2026-09-30', status: 'active' } as const

/** A national decile as BPS states it. */
export function decile(value: number): Pick<SubjectResult, 'deciles'> {
  return { deciles: [{ level: 'national', value, version: 'V3', period: '2026-Q3' }] }
}
