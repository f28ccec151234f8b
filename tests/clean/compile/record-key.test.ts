import { describe, expect, it } from 'vitest'
import { accessTo } from '../../../src/clean/compile/column-access.ts'
import { compileKey } from '../../../src/clean/compile/record-key.ts'
import type { Block } from '../../../src/clean/mapping/mapping.ts'
import { GeneratedCode } from '../../../src/language/rules/generated-code.ts'

const KK = '5101040612230009'
const fields = { nomor_kartu_keluarga: { from: 'kk', as: 'no-kk' } }

function keyOf(key: Block['key'], row: Record<string, string | number | null>): string {
  return compileKey(
    { level: 'keluarga', key, fields },
    accessTo('csv'),
    new GeneratedCode('test').under('key'),
  )(row, row)
}

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
    ['kk', { kk: '5.10104E+15' }, '5.10104E+15'],
    [['kk', 'urut'], { kk: KK, urut: '' }, ''],
    ['urut', { urut: 'x'.repeat(201) }, ''],
  ] as const)('by %j of %j is %j', ([key, row, expected]) => {
    expect(keyOf(key as Block['key'], { ...row })).toBe(expected)
  })
})
