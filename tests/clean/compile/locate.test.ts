import { describe, expect, it } from 'vitest'
import { compileRegistry } from '../../../src/catalogue/registry.ts'
import { builtIn } from '../../catalogue/registry-under-test.ts'

const registry = compileRegistry(builtIn, (identity) => identity)

/** What a dataset makes of its clean example with other cells, pushed by a platform that speaks for some places. */
function clean(name: string, changed: Record<string, string>, scope: string[]) {
  const dataset = registry.datasets.get(name)
  const platform = registry.platforms.get('jembrana')
  const example = dataset?.folder.examples.find(({ file }) => file.endsWith('bersih.json'))
  if (dataset === undefined || platform === undefined || example === undefined) throw new Error('no example')
  const { format } = dataset
  const row: Record<string, string> = { ...(example.value as { in: Record<string, string> }).in, ...changed }
  const cells = format.kind === 'csv' ? format.columns.map((column) => row[column] ?? '') : []
  const text = JSON.stringify(cells)
  const { verdict, findings, records } = dataset.clean({ line: 2, form: 'cells', text }, { ...platform, scope })
  const codes = findings.map(({ code }) => code).filter((code) => code.startsWith('region-'))
  return { verdict, codes, region: records[0]?.region, extensions: records[0]?.extensions }
}

/** A person of the DTKS list, whose village stands in four columns. */
function locate([province = '', regency = '', district = '', village = '']: string[], scope: string[]) {
  const code = { KDPROP: province, KDKAB: regency, KDKEC: district, KDDESA: village, KDGabungan4: '' }
  return clean('dtks-individu', code, scope)
}

describe('a village that nobody knows', () => {
  it.for([
    ['lies in its district', ['35', '10', '010', '999'], ['3510'], ['region-unknown']],
    ['is outside where its regency is', ['35', '10', '010', '999'], ['31'], ['region-unknown', 'region-out-of-scope']],
    [
      'is outside where its district is',
      ['35', '10', '010', '999'],
      ['3510020'],
      ['region-unknown', 'region-out-of-scope'],
    ],
    ['is not outside where only a wider place is known', ['35', '10', '999', '999'], ['3510020'], ['region-unknown']],
    [
      'is outside where its province is',
      ['35', '99', '999', '999'],
      ['3171'],
      ['region-unknown', 'region-out-of-scope'],
    ],
    ['is nowhere where nothing of it is known', ['99', '99', '999', '999'], ['3171'], ['region-unknown']],
  ] as const)('%s', ([, code, scope, codes]) => {
    expect(locate([...code], [...scope])).toMatchObject({ verdict: 'held', codes })
  })
})

describe('a person of whose village only the name is known', () => {
  it.for([
    ['5101049999', 'accepted', '5101010'],
    ['51.01.99.9999', 'accepted', '5101'],
    ['9999999999', 'accepted', undefined],
    ['3510999999', 'held', undefined],
  ] as const)('with the code %s is %s and lives in %s', ([code, verdict, region]) => {
    expect(clean('p3ke-individu', { kode_kemdagri: code }, ['5101'])).toMatchObject({ verdict, region })
  })
})

describe('a village that is known', () => {
  it('stands at the person in both schemes, and no place around it', () => {
    const found = locate(['35', '10', '010', '001'], ['3510'])
    expect(found).toMatchObject({ verdict: 'accepted', codes: [], region: undefined })
    expect(found.extensions).toMatchObject({ kode_kelurahan_desa: '3510010001' })
  })
})
