import { cleanHere } from '../../src/clean/clean-here.ts'
import { chunkBisector, entryIsolator } from '../../src/engine/poison.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import { pipeline } from '../../src/pipeline.ts'
import { platformsWithout } from '../../src/trust/agreements/agreement.ts'
import type { TestGateway, TestRegistry } from '../flows/gateway.ts'

export type WholeRegistry = TestRegistry & Parameters<typeof pipeline>[0]['registry']
type Caller = Awaited<ReturnType<TestGateway['caller']>>

/** Works everything that is due through all stages, BPS pulling. */
export async function workThrough(gateway: TestGateway, registry: WholeRegistry): Promise<void> {
  const { deps, db, vault } = gateway
  const runner = {
    ...deps,
    bisect: chunkBisector({ vault, poisonClaims: 3 }),
    isolate: entryIsolator({ vault }),
    withoutAgreement: () => platformsWithout(registry.platforms.values(), new Date()),
  }
  const stages = pipeline({ ...deps, registry, cleaner: cleanHere(registry, vault) }, undefined)
  for (const stage of stages.filter(({ name }) => name !== 'forward')) {
    const { rows } = await db.pool.query('select id as chunk, epoch from chunk where state = $1 order by first_line', [
      stage.from,
    ])
    for (const dispatch of rows) await handleDispatch(stage, dispatch, runner)
  }
}

/** Posts result lines (or a file, by its query) and works them. */
export async function postResults(
  gateway: TestGateway,
  registry: WholeRegistry,
  bps: Caller,
  body: readonly object[] | string,
  { key, query = '', type = 'application/x-ndjson' }: { key: string; query?: string; type?: string },
): Promise<Posted> {
  const text = typeof body === 'string' ? body : body.map((line) => `${JSON.stringify(line)}\n`).join('')
  const answer = await bps(`/v1/results${query}`, {
    method: 'POST',
    headers: { 'content-type': type, 'idempotency-key': key },
    body: text,
  })
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  const { id } = (await answer.json()) as { id: string }
  await workThrough(gateway, registry)
  const batch = (await (await bps(`/v1/batches/${id}`)).json()) as Posted['batch']
  const { findings } = (await (await bps(`/v1/batches/${id}/findings`)).json()) as {
    findings: { line: number; code: string; path: string }[]
  }
  return { batch, findings: findings.map(({ line, code, path }) => [line, code, path]) }
}

export type Posted = {
  batch: { id: string; state: string; counts: Record<string, number>; gap: number }
  findings: [number, string, string][]
}

export const JEMBRANA_HEAD =
  'KODE_DATA,NIK,NO_KK,NAMA,JK,TEMPAT_LAHIR,TGL_LAHIR,UMUR,SHDK,STATUS_KAWIN,PENDIDIKAN,PEKERJAAN,KODE_DESA,NAMA_DESA,' +
  'NAMA_KECAMATAN,BANJAR,ALAMAT,LANTAI,DINDING,ATAP,AIR,PENERANGAN,DAYA,BAHAN_BAKAR,JAMBAN,LUAS_LANTAI,BANTUAN,DISABILITAS,' +
  'STATUS_ASN,TGL_DATA'

/** One made-up person as Jembrana writes it. */
export function jembranaRow(
  key: string,
  { nik = '5101010703760001', kk = '5101052702130001', name = 'I KETUT CONTOH', born = '07-03-76' } = {},
): string {
  const rest = 'KEPALA KELUARGA,KAWIN,SLTP/SEDERAJAT,PETANI/PEKEBUN,5101021006,DAUHWARU,JEMBRANA,CONTOH'
  const house = '02,01,02,02,01,02,03,01,85,,TIDAK,TIDAK,06-09-24'
  return `${key},${nik},${kk},${name},LK,JEMBRANA,${born},48,${rest},JL. CONTOH,${house}`
}
