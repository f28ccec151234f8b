import { describe, expect, it } from 'vitest'
import { readRegistry } from '../../../src/catalogue/registry.file.ts'
import { Regions } from '../../../src/clean/regions/regions.ts'

const builtIn = await readRegistry(['src/registry'])
const text = (name: string) => builtIn.get(`regions/${name}.csv`)?.text ?? ''
const FILES = {
  provinces: text('provinces'),
  regencies: text('regencies'),
  districts: text('districts'),
  villages: text('villages'),
  variants: text('village-name-variants'),
}
const HEAD = 'bps,kemendagri,name,bps_name,other_names,period'
const withVillages = (...rows: string[]) => new Regions({ ...FILES, villages: [HEAD, ...rows].join('\n') })

describe('the regions', () => {
  it('read Jakarta in the declared scheme: the same digits are other places', () => {
    const regions = new Regions(FILES)
    const village = regions.village('31.74.09.1001', 'kemendagri')
    expect(regions.village('3174091001', 'kemendagri')).toBe(village)
    expect(regions.village(village?.bps ?? '', 'bps')).toBe(village)
    expect(village?.fields.kabupaten_kota).toContain('Selatan')
    expect(village?.bps.startsWith('3171')).toBe(true)
  })

  it.for([
    ['bps', '3510999999', '3510'],
    ['kemendagri', '35.10.99.9999', '3510'],
    ['kemendagri', '3510999999', '3510'],
    ['kemendagri', '31.75.99.9999', '3172'],
    ['bps', '3510010999', '3510010'],
    ['kemendagri', '35.10.01.2999', '3510010'],
    ['bps', '3599999999', '35'],
    ['bps', '9999999999', undefined],
    ['bps', '', undefined],
  ] as const)('say where in %s an unknown village %s must lie', ([scheme, code, expected]) => {
    expect(new Regions(FILES).around(code, scheme)).toBe(expected)
  })

  it.for([
    ['3510010001', '35.10.01.2001'],
    ['3510', '35.10'],
    ['3171', '31.74'],
    ['9999', null],
  ] as const)('tell the code of %s in the other scheme: %s', ([bps, kemendagri]) => {
    const regions = withVillages('3510010001,35.10.01.2001,Sarongan,,,2025_2.2025')
    expect(regions.inBoth(bps)).toEqual({ bps, kemendagri })
  })

  it('know a village by each of its spellings', () => {
    const variant = FILES.variants.split('\n')[1]?.split(',') ?? []
    const names = new Regions(FILES).village(variant[0] ?? '', 'bps')?.names.kelurahan_desa ?? []
    expect(names).toEqual(expect.arrayContaining(['HALIMPERDANAKUSUMA', 'HALIMPERDANAKUSUMAH']))
    const imported = withVillages('3510010001,35.10.01.2001,Sarongan,SARONGEN,SRG|S. ONGAN,2025_2.2025')
    expect(imported.village('3510010001', 'bps')?.names.kelurahan_desa).toEqual([
      'SARONGAN',
      'SARONGEN',
      'SRG',
      'SONGAN',
    ])
  })

  it('let the newest period that knows a code decide, and read a code that went away as it was', () => {
    const regions = withVillages(
      '3510010002,35.10.01.2002,New,,,2025_2.2025',
      '3510010001,35.10.01.2001,Old,,,2024_1.2025',
      '3510010002,35.10.01.2009,Older,,,2024_1.2025',
    )
    expect(regions.village('3510010002', 'bps')).toMatchObject({
      kemendagri: '35.10.01.2002',
      fields: { kelurahan_desa: 'New' },
    })
    expect(regions.village('35.10.01.2001', 'kemendagri')?.bps).toBe('3510010001')
    expect(regions.village('35.10.01.2009', 'kemendagri')?.bps).toBe('3510010002')
  })

  it('bridge nothing that is paired with several', () => {
    const regions = withVillages(
      '3510010001,35.10.01.2001,A,,,p',
      '3510010002,35.10.01.2001,B,,,p',
      '3510010003,35.10.01.2003,C,,,p',
      '3510010003,35.10.01.2004,C,,,p',
    )
    expect(regions.village('35.10.01.2001', 'kemendagri')).toBeUndefined()
    expect(regions.isAmbiguous('3510012001', 'kemendagri')).toBe(true)
    const first = regions.village('3510010001', 'bps')
    expect(first?.kemendagri).toBe('35.10.01.2001')
    expect(first !== undefined && regions.mayBe('3510012001', 'kemendagri', first)).toBe(true)
    expect(regions.village('3510010003', 'bps')?.kemendagri).toBeUndefined()
    expect(regions.village('35.10.01.2004', 'kemendagri')?.bps).toBe('3510010003')
  })

  it('know provinces, regencies and districts, but give only villages', () => {
    const regions = new Regions(FILES)
    expect(regions.village('3174', 'bps')).toBeUndefined()
    expect(regions.district('3510010')).toMatch(/^3510[0-9]{2}$/)
    expect(regions.district('3510')).toBeUndefined()
  })

  it('are ready in under a second with the 84,000 villages of the nation', () => {
    const rows = Array.from({ length: 84_200 }, (_, i) => {
      const digits = String(i).padStart(6, '0')
      return `3510${digits},35.10.${digits.slice(0, 2)}.${digits.slice(2)},Desa Nomor ${i},,,2025_2.2025`
    })
    // The processor's time: a busy machine does not make them slower.
    const before = process.threadCpuUsage()
    const regions = withVillages(...rows)
    const { user, system } = process.threadCpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1000)
    expect(regions.village('3510084199', 'bps')?.fields.kelurahan_desa).toBe('Desa Nomor 84199')
  })
})
