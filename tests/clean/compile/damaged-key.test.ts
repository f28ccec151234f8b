import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileRegistry } from '../../../src/catalogue/registry.ts'
import { isDamagedKey } from '../../../src/clean/compile/damaged-key.ts'
import { builtIn } from '../../catalogue/registry-under-test.ts'

describe('a key', () => {
  it.for([
    '3.18E+17',
    '3,18E+17',
    '3.17220159908880E+17',
    '3e+17',
    '3.18e17',
    '317220159908880000',
    '31722015990888000',
    '3175090000000000',
    '317220159908880101.0',
    '31/3.18E+17',
    '317220159908880000/2',
  ])('%s is damaged', (key) => {
    expect(isDamagedKey(key)).toBe(true)
  })

  it.for([
    '',
    '1',
    'KLG-99340009',
    '317220159908880101',
    '3172201599088801',
    '3172201599088800',
    '3172201599088000',
    '1000000',
    '3E17',
    '5E12',
    'A3.18E+17',
    '100000000000000',
    '2025-01-01',
    '31/72/0000000000000000000x',
    '3510010001/0001/00/000/001',
  ])('%s is as a source may write it', (key) => {
    expect(isDamagedKey(key)).toBe(false)
  })
})

it('of a family in one entry with its members is told where it stands, and joins nobody', () => {
  const { datasets, platforms } = compileRegistry(builtIn, (identity) => identity)
  const [carik, platform] = [datasets.get('carik'), platforms.get('carik-jakarta')]
  const file = new URL('../../cases/inputs/34b.1.new.ndjson', import.meta.url)
  const family = { ...JSON.parse(readFileSync(file, 'utf8')), id_keluarga: '3.18E+17' }
  if (carik === undefined || platform === undefined) throw new Error('the registry has no carik')
  const entry = carik.clean({ line: 1, form: 'object', text: JSON.stringify(family) }, platform)
  const told = entry.findings.filter(({ code }) => code.startsWith('key-'))
  expect(told).toEqual([{ code: 'key-excel', severity: 'warning', path: '/id_keluarga' }])
  expect(entry.verdict).toBe('accepted')
  expect(entry.records.map(({ household }) => household)).toEqual([undefined, undefined, undefined])
  expect(entry.records[0]?.key).toMatch(/^~/)
})
