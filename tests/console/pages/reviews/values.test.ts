import { describe, expect, it } from 'vitest'
import { comparedLines, differs, otherLines, type Pair } from '../../../../src/console/pages/reviews/values.ts'
import type { CanonicalRecord } from '../../../../src/domain/entry.ts'
import { REGISTRY } from '../../desk.ts'

const { canonical } = await REGISTRY
const record = (
  fields: CanonicalRecord['fields'],
  extensions: CanonicalRecord['extensions'] = {},
): CanonicalRecord => ({
  level: 'individu',
  key: 'k',
  path: '',
  fields,
  extensions,
})

describe('the values of two records', () => {
  it('are told by the label of the code, in the language of the page', () => {
    const pair: Pair = [record({ jenis_kelamin: '1' }), record({ jenis_kelamin: '2' })]
    expect(comparedLines(pair, 'sex', canonical, 'id')[0]?.values).toEqual(['1 · Laki-laki', '2 · Perempuan'])
    expect(comparedLines(pair, 'sex', canonical, 'en')[0]?.values).toEqual(['1 · Male', '2 · Female'])
  })

  it('name every label of a sum of codes', () => {
    const additive = [...canonical.variables.values()].find(
      ({ level, codelist }) => level === 'individu' && codelist && canonical.codelists.get(codelist)?.additive,
    )
    const list = canonical.codelists.get(additive?.codelist ?? '')
    const [one, two] = list?.codes.filter(({ code }) => Number(code) > 0 && !list.exclusive_codes?.includes(code)) ?? []
    const sum = String(Number(one?.code) + Number(two?.code))
    const pair: Pair = [record({ [additive?.name ?? '']: sum }), undefined]
    const [line] = otherLines(pair, new Set(), canonical, 'id')
    expect(line?.values).toEqual([`${sum} · ${one?.label_id}, ${two?.label_id}`, undefined])
  })

  it('tell the village and the address that only the record of the family has', () => {
    const kept = { ...record({}), village: '3172020004', address: 'JL. MELATI 1' }
    const pair: Pair = [kept, record({}, { kode_kelurahan_desa: '3172020001', alamat: 'JL. MAWAR 2' })]
    expect(comparedLines(pair, 'place', canonical, 'id').map(({ values }) => values)).toEqual([
      ['3172020004', '3172020001'],
      ['JL. MELATI 1', 'JL. MAWAR 2'],
    ])
  })

  it('show one line for a compared field, even of nothing', () => {
    const pair: Pair = [record({}), record({})]
    expect(comparedLines(pair, 'place', canonical, 'id')).toMatchObject([{ values: [undefined, undefined] }])
    const known: Pair = [record({ nomor_kartu_keluarga: '1' }, { kode_kelurahan_desa: '2' }), record({})]
    expect(comparedLines(known, 'family', canonical, 'id').map(({ values }) => values)).toEqual([['1', undefined]])
    expect(comparedLines(known, 'place', canonical, 'id').map(({ values }) => values)).toEqual([['2', undefined]])
  })

  it('come in the order of what they say: different, equal, known to one', () => {
    const pair: Pair = [record({ umur: 3 }, { z: 'x', b: 'x', c: { d: 1 } }), record({ umur: 4 }, { z: 'x' })]
    const lines = otherLines(pair, new Set(['b']), canonical, 'id')
    expect(lines.map(({ label, values }) => [label, ...values])).toEqual([
      [expect.any(String), '3', '4'],
      ['z', 'x', 'x'],
      ['c', '{"d":1}', undefined],
    ])
    expect(lines.map(differs)).toEqual([true, false, false])
  })
})
