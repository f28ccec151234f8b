import { describe, expect, it } from 'vitest'
import { accessTo } from '../../../src/clean/compile/column-access.ts'
import { compileKey } from '../../../src/clean/compile/record-key.ts'
import { readPlaceholders } from '../../../src/clean/converters/placeholders.ts'
import type { Block } from '../../../src/clean/mapping/mapping.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'

const KK = '5101040612230009'
const fields = { nomor_kartu_keluarga: { from: 'kk', as: 'no-kk' } }

const placeholders = readPlaceholders({ values: ['NULL', 'NAN', 'N/A'] })
const compile = (key: Block['key']) =>
  compileKey(
    { level: 'keluarga', key, fields },
    accessTo({ format: { kind: 'csv', delimiter: ',', encodings: ['utf-8'] } }),
    placeholders,
    new GeneratedCode('test').under('key'),
  )

function keyOf(key: Block['key'], row: Record<string, string | number | null>): string {
  return compile(key).read(row, row)
}

describe('a key that lost digits', () => {
  it.for([
    ['3.18E+17', true],
    ['3,18e17', true],
    ['317220159907000000', true],
    ['317220159907000001.0', true],
    ['31759901000201.0', false],
    ['317220159907000001', false],
    ['A-3.18E+17', false],
    ['', false],
  ] as const)('is told of %j: %s', ([urut, expected]) => {
    expect(compile('urut').isDamaged({ urut }, { urut })).toBe(expected)
  })
})

describe('the key of a row', () => {
  it.for([
    [{ hash: 'kk' }, { kk: KK }, KK],
    [{ hash: 'kk' }, { kk: `'${KK} ` }, KK],
    [{ hash: 'kk' }, { kk: '5.10104E+15' }, ''],
    [{ hash: 'kk' }, { kk: '5101040612230000' }, ''],
    [{ hash: 'kk' }, { kk: 5101040612230009 }, ''],
    [{ hash: 'kk' }, { kk: null }, ''],
    [{ hash: ['kk', 'urut'] }, { kk: KK, urut: '2' }, `${KK}/2`],
    [{ hash: ['kk', 'urut'] }, { kk: '5.10104E+15', urut: '2' }, ''],
    [{ hash: 'urut' }, { kk: KK, urut: 'A-7' }, 'A-7'],
    ['kk', { kk: '5.10104E+15' }, ''],
    ['urut', { urut: '318000000000000000' }, ''],
    ['urut', { urut: 318000000000000000 }, ''],
    ['urut', { urut: '3180000000000000' }, '3180000000000000'],
    [['kk', 'urut'], { kk: KK, urut: '' }, ''],
    ['urut', { urut: 'x'.repeat(201) }, ''],
    ['urut', { urut: ' A-7 ' }, 'A-7'],
    ['urut', { urut: '31759901000201.0' }, '31759901000201'],
    ['urut', { urut: '317220159907000001.0' }, ''],
    ['urut', { urut: 'null' }, ''],
    [['kk', 'urut'], { kk: '7', urut: '#N/A' }, ''],
  ] as const)('by %j of %j is %j', ([key, row, expected]) => {
    expect(keyOf(key as Block['key'], { ...row })).toBe(expected)
  })

  it.for([
    [{ urut: ' A-7' }, true],
    [{ urut: '7.0' }, true],
    [{ urut: 'A-7' }, false],
    [{ urut: 7 }, false],
  ] as const)('of %j is tidied: %s', ([row, expected]) => {
    expect(compile('urut').isTidied({ ...row }, { ...row })).toBe(expected)
  })
})
