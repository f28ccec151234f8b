import { describe, expect, it } from 'vitest'
import { openDesk, REGISTRY } from '../console/desk.ts'
import { push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

const HEAD =
  'KODE_DATA,NIK,NO_KK,NAMA,JK,TEMPAT_LAHIR,TGL_LAHIR,UMUR,SHDK,STATUS_KAWIN,PENDIDIKAN,PEKERJAAN,KODE_DESA,NAMA_DESA,' +
  'NAMA_KECAMATAN,BANJAR,ALAMAT,LANTAI,DINDING,ATAP,AIR,PENERANGAN,DAYA,BAHAN_BAKAR,JAMBAN,LUAS_LANTAI,BANTUAN,DISABILITAS,' +
  'STATUS_ASN,TGL_DATA'
const REST = 'KEPALA KELUARGA,KAWIN,SLTP/SEDERAJAT,KARYAWAN SWASTA,5101021006,DAUHWARU,JEMBRANA,CONTOH'
const HOUSE = '02,01,02,02,01,02,03,01,85,,TIDAK,TIDAK,06-09-24'

/** One NIK for two names and birth dates; `way` is an address, so that a source may say something new. */
function pairOf(way: string): string {
  const person = (key: string, kk: string, name: string, born: string) =>
    `${key},5101010703760001,${kk},${name},LK,JEMBRANA,${born},48,${REST},JL. ${way},${HOUSE}`
  return `${[
    HEAD,
    person('IB1', '5101052702130001', 'I KETUT CONTOH', '07-03-76'),
    person('IB2', '5101052702130002', 'I WAYAN TIRUAN', '19-11-51'),
  ].join('\n')}\n`
}

async function jembrana(desk: TestGateway) {
  const call = await desk.caller('jembrana')
  const steward = await desk.caller(null, ['steward'])
  const open = async () => {
    const { reviews } = (await (await steward('/v1/reviews')).json()) as { reviews: { id: string }[] }
    return reviews.map(({ id }) => id)
  }
  return {
    open,
    async send(key: string, way: string): Promise<void> {
      const headers = { dataset: 'jembrana', 'content-type': 'text/csv' }
      expect((await push(call, key, pairOf(way), headers)).status).toBe(202)
      await workAll(desk, await REGISTRY)
    },
    async decide(decision: 'same' | 'different'): Promise<void> {
      const [id = ''] = await open()
      const body = JSON.stringify({ decision, reason: 'as the village says' })
      const headers = { 'content-type': 'application/json' }
      expect((await steward(`/v1/reviews/${id}`, { method: 'POST', body, headers })).status).toBe(200)
      await workAll(desk, await REGISTRY)
    },
    /** The persons that the two records belong to. */
    async persons(): Promise<string[]> {
      const ids = new Set<string>()
      for (const key of ['IB1', 'IB2']) {
        const way = (await (await call(`/v1/records/jembrana/${key}`)).json()) as {
          subjects: { id: string; level: string }[]
        }
        for (const { id, level } of way.subjects) if (level === 'individu') ids.add(id)
      }
      return [...ids]
    },
    async gap(): Promise<number> {
      const all = await desk.caller(null, ['ops'])
      return ((await (await all('/v1/conservation')).json()) as { gap: number }).gap
    },
  }
}

describe('a possible match, from a push to a decision', () => {
  it.for([
    ['same', 1],
    ['different', 2],
  ] as const)(
    'that is decided as %s stays so whatever is pushed again, and is never asked twice',
    async ([decision, persons]) => {
      await using desk = await openDesk()
      const region = await jembrana(desk)
      await region.send('k-1', 'LAMA')
      expect(await region.open()).toHaveLength(1)
      expect(await region.persons()).toHaveLength(2)
      await region.decide(decision)
      expect(await region.open()).toEqual([])
      const decided = await region.persons()
      expect(decided).toHaveLength(persons)
      await region.send('k-2', 'LAMA')
      await region.send('k-3', 'BARU')
      expect(await region.open()).toEqual([])
      expect(await region.persons()).toEqual(decided)
      expect(await region.gap()).toBe(0)
    },
  )
})
