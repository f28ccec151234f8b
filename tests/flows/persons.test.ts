import { describe, expect, it } from 'vitest'
import { newId } from '../../src/io/ids.ts'
import { inTransaction } from '../../src/io/postgres/postgres.ts'
import { openOwnRecords } from '../../src/link/persons/relink.db.ts'
import { openDesk, REGISTRY } from '../console/desk.ts'
import { push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

const HEAD =
  'KODE_DATA,NIK,NO_KK,NAMA,JK,TEMPAT_LAHIR,TGL_LAHIR,UMUR,SHDK,STATUS_KAWIN,PENDIDIKAN,PEKERJAAN,KODE_DESA,NAMA_DESA,' +
  'NAMA_KECAMATAN,BANJAR,ALAMAT,LANTAI,DINDING,ATAP,AIR,PENERANGAN,DAYA,BAHAN_BAKAR,JAMBAN,LUAS_LANTAI,BANTUAN,DISABILITAS,' +
  'STATUS_ASN,TGL_DATA'
const HOUSE = '02,01,02,02,01,02,03,01,85,,TIDAK,TIDAK,06-09-24'
const NAME = 'I KETUT CONTOH'

function row(key: string, kk: string, work: string): string {
  const rest = `KEPALA KELUARGA,KAWIN,SLTP/SEDERAJAT,${work},5101021006,DAUHWARU,JEMBRANA,CONTOH`
  return `${key},5101010703760001,${kk},${NAME},LK,JEMBRANA,07-03-76,48,${rest},JL. CONTOH,${HOUSE}`
}

type Link = { platform: string; dataset: string; source_key?: string; key_index?: string; person_id: string }

/** One person whom a platform has under two keys, with two family cards and two kinds of work. */
async function merged(desk: TestGateway) {
  const call = await desk.caller('jembrana')
  const body = `${[HEAD, row('IB1', '5101052702130001', 'KARYAWAN SWASTA'), row('IB2', '5101052702130002', 'PETANI/PEKEBUN')].join('\n')}\n`
  expect((await push(call, 'k-1', body, { dataset: 'jembrana', 'content-type': 'text/csv' })).status).toBe(202)
  await workAll(desk, await REGISTRY)
  const steward = await desk.caller(null, ['steward'])
  const ops = await desk.caller(null, ['ops'])
  const links = async (who = steward) =>
    (await (await who('/v1/links')).text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Link)
  const post = (who: typeof steward, path: string, given: object) =>
    who(path, { method: 'POST', body: JSON.stringify(given), headers: { 'content-type': 'application/json' } })
  return { call, steward, ops, links, post }
}

describe('a person of two records', () => {
  it('is exported under one id, with source keys for a steward alone', async () => {
    await using desk = await openDesk()
    const { links, ops, call } = await merged(desk)
    const found = await links()
    expect(found.map(({ source_key }) => source_key).sort()).toEqual(['IB1', 'IB2'])
    expect(new Set(found.map(({ person_id }) => person_id)).size).toBe(1)
    const blind = await links(ops)
    expect(blind.map((link) => Object.keys(link).sort())).toEqual([
      ['dataset', 'key_index', 'person_id', 'platform'],
      ['dataset', 'key_index', 'person_id', 'platform'],
    ])
    expect((await call('/v1/links')).status).toBe(403)
  })

  it('shows where each field comes from and where the sources contradict each other, values to a steward alone', async () => {
    await using desk = await openDesk()
    const { links, steward, ops } = await merged(desk)
    const id = (await links())[0]?.person_id
    const full = await (await steward(`/v1/persons/${id}`)).json()
    expect(full).toMatchObject({
      id,
      record: { nama: NAME },
      sources: [{ dataset: 'jembrana' }, { dataset: 'jembrana' }],
      edges: [{ a: 0, b: 1, decided: null }],
    })
    const blind = await (await ops(`/v1/persons/${id}`)).text()
    expect(JSON.parse(blind)).toMatchObject({ id, record: null })
    expect(JSON.parse(blind).conflicts.map(({ field }: { field: string }) => field)).toContain('pekerjaan_ktp')
    expect(blind).not.toMatch(/KETUT|5101010703760001|IB1/)
    expect((await ops('/v1/persons/per_00000000000000000000000000')).status).toBe(404)
  })

  it('is explained field by field', async () => {
    await using desk = await openDesk()
    const { ops, post } = await merged(desk)
    const reference = (source_key: string) => ({ platform: 'jembrana', dataset: 'jembrana', source_key })
    const answer = await post(ops, '/v1/links/explain', { a: reference('IB1'), b: reference('IB2') })
    const { one_person, prior, pairs } = (await answer.json()) as {
      one_person: boolean
      prior: number
      pairs: { bits: number; cap: null; fields: { bits: number }[] }[]
    }
    expect(one_person).toBe(true)
    expect(pairs[0]?.fields).toContainEqual({ field: 'nik', level: 'equal', bits: expect.any(Number) })
    const [pair] = pairs
    expect(pair?.cap).toBe(null)
    expect(pair?.fields.reduce((sum, { bits }) => sum + bits, prior)).toBeCloseTo(pair?.bits ?? 0, 9)
    const absent = { a: reference('IB1'), b: reference('NONE') }
    expect((await post(ops, '/v1/links/explain', absent)).status).toBe(404)
  })

  it('is judged again once, however often and however many ask for it', async () => {
    await using desk = await openDesk()
    const { steward } = await merged(desk)
    const ask = async () => {
      const answer = await steward('/v1/links/again', { method: 'POST' })
      return [answer.status, await answer.json()] as const
    }
    const answers = await Promise.all(Array.from({ length: 25 }, ask))
    const [first] = answers
    expect(first).toEqual([202, { batch: expect.stringMatching(/^bat_/), records: 2 }])
    for (const answer of answers) expect(answer).toEqual(first)
    const { rows } = await desk.db.pool.query(`
      select count(*)::int as batches, (select count(*)::int from audit where action = 'links.again') as told
      from batch where dataset = 'link-again'`)
    expect(rows).toEqual([{ batches: 1, told: 1 }])
    await workAll(desk, await REGISTRY)
    expect((await ask())[1]).not.toEqual(first?.[1])
  })

  it('is judged again whole, although some records are being judged again for another reason', async () => {
    await using desk = await openDesk()
    const { steward, post } = await merged(desk)
    const { rows } = await desk.db.pool.query<{ key: string }>(
      "select encode(key_index, 'hex') as key from source_record limit 1",
    )
    const some = { id: newId('bat'), kind: 'relink', about: 'registry-size' } as const
    const keys = rows.map(({ key }) => key)
    await inTransaction(desk.db.pool, (tx) => openOwnRecords(tx, desk.vault, some, keys))
    const whole = (await (await post(steward, '/v1/links/again', {})).json()) as { batch: string; records: number }
    expect(whole.records).toBe(2)
    expect(whole.batch).not.toBe(some.id)
    await workAll(desk, await REGISTRY)
    expect(await (await steward('/v1/conservation')).json()).toMatchObject({ gap: 0 })
  })

  it('is parted by a steward for good, and every sum closes', async () => {
    await using desk = await openDesk()
    const { steward, ops, links, post } = await merged(desk)
    const id = (await links())[0]?.person_id
    const wish = (source_key: string) => ({
      leaving: [{ platform: 'jembrana', dataset: 'jembrana', source_key }],
      reason: 'two men of one name',
    })
    expect((await post(ops, `/v1/persons/${id}/unmerge`, wish('IB1'))).status).toBe(403)
    expect((await post(steward, `/v1/persons/${id}/unmerge`, wish('NONE'))).status).toBe(400)
    const answer = await post(steward, `/v1/persons/${id}/unmerge`, wish('IB1'))
    expect(answer.status).toBe(202)
    await workAll(desk, await REGISTRY)
    expect(new Set((await links()).map(({ person_id }) => person_id)).size).toBe(2)
    const { batch } = (await answer.json()) as { batch: string }
    expect(await (await ops(`/v1/batches/${batch}`)).json()).toMatchObject({
      counts: { received: 1, updated: 1 },
      gap: 0,
    })
    expect(await (await ops('/v1/conservation')).json()).toMatchObject({ gap: 0 })
    const again = await post(steward, '/v1/links/again', {})
    expect(await again.json()).toMatchObject({ records: 2 })
    await workAll(desk, await REGISTRY)
    expect(new Set((await links()).map(({ person_id }) => person_id)).size).toBe(2)
    expect(await (await ops('/v1/conservation')).json()).toMatchObject({ gap: 0 })
  })
})
