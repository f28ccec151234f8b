import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FEMALE, HEAD_OF_FAMILY, MALE, SPOUSE } from '../../src/domain/codes.ts'
import { isRegionField, REGION_FIELDS } from '../../src/domain/region.ts'

const CANONICAL = join(import.meta.dirname, '../../src/registry/canonical')
const json = (path: string) => JSON.parse(readFileSync(join(CANONICAL, path), 'utf8'))

describe('what the gateway knows of the canonical schema', () => {
  it.each([
    ['hubungan_keluarga', HEAD_OF_FAMILY, /head/i],
    ['hubungan_keluarga', SPOUSE, /wife|husband|spouse/i],
    ['jenis_kelamin', MALE, /^male/i],
    ['jenis_kelamin', FEMALE, /^female/i],
  ])('is what the code list %s says of %s', (list, code, label) => {
    const codes: { code: string; label_en: string }[] = json(`codelists/${list}.json`).codes
    expect(codes.find((other) => other.code === code)?.label_en).toMatch(label)
  })

  it('names the eight region variables of a family, and no others', () => {
    const keys: string[] = json('variables.json').variables.map(({ key }: { key: string }) => key)
    const region = keys.filter((key) =>
      /^keluarga\.(kode_)?(provinsi|kabupaten_kota|kecamatan|kelurahan_desa)$/.test(key),
    )
    expect([...REGION_FIELDS].map((field) => `keluarga.${field}`).sort()).toEqual(region.sort())
    expect(REGION_FIELDS).toHaveLength(8)
    expect(isRegionField('alamat')).toBe(false)
  })
})
