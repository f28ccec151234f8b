import { expect, it } from 'vitest'
import { areBirthDatesClose } from '../../src/link/birth-dates.ts'
import { areContradicting } from '../../src/link/guard.ts'
import { person } from './support.ts'

it.each([
  ['1980-05-07', '1980-05-07', true],
  ['1980-05-07', '1980-07-05', true],
  ['1980-05-07', '1981-05-07', true],
  ['1980-05-07', '1990-05-07', true],
  ['1980-01-01', '1980-09-23', false],
  ['1980-05-07', '1991-05-07', false],
  ['1980-05-07', '1980-05-08', false],
  ['1980-05-07', '1981-07-05', false],
])('says of the birth dates %s and %s: may be one is %s', (a, b, close) => {
  expect(areBirthDatesClose(a, b)).toBe(close)
  expect(areBirthDatesClose(b, a)).toBe(close)
})

const born = (nama: string, tanggal_lahir?: string, jenis_kelamin?: string) =>
  person('K', { nama, ...(tanggal_lahir && { tanggal_lahir }), ...(jenis_kelamin && { jenis_kelamin }) })

it.each([
  ['both differ', born('BUDI SANTOSO', '1980-05-07'), born('SITI AMINAH', '1999-12-02'), true],
  ['the name was changed', born('BUDI SANTOSO', '1980-05-07', '1'), born('ABDULLAH', '1980-05-07', '1'), false],
  ['a twin of the other sex', born('BUDI SANTOSO', '1980-05-07', '1'), born('WULANDARI', '1980-05-07', '2'), true],
  ['the date is wrong', born('BUDI SANTOSO', '1980-05-07'), born('BOEDI SANTOSO', '1999-12-02'), false],
  ['the sex is wrong', born('BUDI SANTOSO', '1980-05-07', '1'), born('BUDI SANTOSO', '1980-05-07', '2'), false],
  ['the name differs and no date is known', born('BUDI SANTOSO'), born('SITI AMINAH', '1999-12-02'), true],
  ['the name is missing', person('K', {}), born('SITI AMINAH', '1999-12-02'), false],
])('%s', (_, a, b, contradicting) => {
  expect(areContradicting(a, b)).toBe(contradicting)
  expect(areContradicting(b, a)).toBe(contradicting)
})
