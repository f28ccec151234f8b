import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareNames, editDistance, soundOf } from '../../../src/link/compare/compare-names.ts'
import { foldName } from '../../../src/link/compare/names.ts'

it.each([
  ['SOEKARNO', 'SUKARNO', 'equal'],
  ['M. ALI', 'MUHAMMAD ALI', 'equal'],
  ['SRI WAHYUNI', 'WAHYUNI SRI', 'equal'],
  ['NUR HAYATI', 'NURHAYATI', 'equal'],
  ['JAJA SOETISNA', 'JAJA SUTISNA', 'equal'],
  ['I KETUT SUARTA', 'I KT. SUARTA', 'equal'],
  ['SLAMET', 'SELAMET', 'sound'],
  ['INDAH HUMAIRA', 'INDA HUMAIRA', 'sound'],
  ['SUTRISNO', 'SOTRISNO', 'sound'],
  ['BUDI AZIZ', 'BUDI A.', 'compatible'],
  ['SITI NURAINI', 'SITI', 'compatible'],
  ['IDA WAHYUNINGSIH', 'IDA WAHYUNIN', 'compatible'],
  ['HENDRI PANJAITAN', 'HENDRI PANJAITAM', 'close'],
  ['NI KOMANG PUSPA', 'NI KOMANG PUPSA', 'close'],
  ['SUTRISNO', 'SUTRISNA', 'ending'],
  ['SITI AMINAH', 'SITI RUKMINI', 'some'],
  ['ZAHRA AULIA', 'ZAHRANI AULIA', 'some'],
  ['BUDI SANTOSO', 'SITI AMINAH', 'apart'],
  ['I MADE SUARTA', 'I NYOMAN SUARTA', 'apart'],
  ['NI LUH PUTU SARI', 'NI LUH MADE SARI', 'some'],
])('finds %s and %s %s', (a, b, level) => {
  const [one, other] = [foldName(a).words, foldName(b).words]
  expect(compareNames(one, other).level).toBe(level)
  expect(compareNames(other, one).level).toBe(level)
})

it('finds the same whichever of two names comes first', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'RANGA',
      'RANG',
      'R',
      'GHANI',
      'ROHIM',
      'ROHI',
      'SITI',
      'SITY',
      'S',
      'SUTRISNO',
      'SUTRISNA',
      'MADE',
    ),
    fc.string({ unit: fc.constantFrom('A', 'B', 'R', 'I'), minLength: 1, maxLength: 4 }),
  )
  const name = fc.array(word, { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(name, name, (a, b) => {
      expect(compareNames(a, b)).toEqual(compareNames(b, a))
    }),
    { numRuns: 2000 },
  )
})

it('gives an initial what nothing else fits', () => {
  expect(compareNames(['RANG', 'GHANI', 'R'], ['RANGA', 'GHANI', 'ROHIM']).level).toBe('close')
})

it('names the words in which two names agree, the shorter form of each', () => {
  expect(compareNames(['BUDI', 'A'], ['BUDI', 'ASIS']).words).toEqual(['BUDI', 'A'])
  expect(compareNames(['SITI', 'NUR', 'AINI'], ['SITI']).words).toEqual(['SITI'])
})

it.each([
  ['', 'AB', 2],
  ['BUDI', 'BUDI', 0],
  ['BUDI', 'BUID', 1],
  ['RISA', 'RISKA', 1],
  ['YANTI', 'YANI', 1],
  ['AGUS', 'BUDI', 4],
])('counts the typing errors between %s and %s', (a, b, errors) => {
  expect(editDistance(a, b)).toBe(errors)
})

it.each([
  ['MUHAMMAD', 'MUAMAD'],
  ['JOHAN', 'IUAN'],
  ['EKO', 'EKU'],
  ['HENDRA', 'ENDRA'],
  ['WAHEED', 'WAD'],
  ['HEEN', 'EN'],
  ['HAHA', 'A'],
  ['JI', 'I'],
  ['H', ''],
])('hears %s as %s', (word, sound) => {
  expect(soundOf(word)).toBe(sound)
})
