import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compare } from '../../../src/link/compare/compare.ts'
import type { Features } from '../../../src/link/compare/features.ts'
import { areOfTwo } from '../../../src/link/compare/nik.ts'
import { evidenceOf } from '../../../src/link/score/evidence.ts'
import { weigh } from '../../../src/link/score/model.ts'
import { scoringModel } from '../support.ts'

const { same, unsure, apart } = scoringModel.thresholds
const NIK_OF_A = '3174015704830001'
const A: Features = {
  words: ['RATNA', 'KUSUMA'],
  birth: { year: 1983, month: 4, day: 17 },
  sex: '2',
  nik: NIK_OF_A,
  kk: '3174010101100001',
  village: '3174010001',
  list: 'x|1',
  extras: {},
}
const OTHER = { ...A, words: ['BAGASKARA'], birth: { year: 1950, month: 11, day: 3 }, list: 'y|1' }

it('takes a NIK with a contradicting name and birth date for a possible match, whatever else agrees', () => {
  const { weight, isPossible } = evidenceOf(A, OTHER, scoringModel)
  expect(weight).toBeLessThan(same)
  expect(isPossible).toBe(true)
})

it('joins nobody of another name by a number with two digits exchanged, and asks', () => {
  const { weight, isPossible } = evidenceOf(
    A,
    { ...A, words: ['BAGASKARA'], nik: '3174015704380001', list: 'y|1' },
    scoringModel,
  )
  expect(weight).toBeLessThan(same)
  expect(isPossible).toBe(true)
})

it('asks nobody about two members of one list of other names', () => {
  expect(evidenceOf(A, { ...OTHER, list: 'x|1' }, scoringModel).isPossible).toBe(false)
})

it('asks nobody about a man and a woman on one card, of whom one was given the number of the other', () => {
  const { weight, isPossible } = evidenceOf(A, { ...OTHER, sex: '1' }, scoringModel)
  expect(weight).toBeLessThan(same)
  expect(isPossible).toBe(false)
})

const { nik: _, ...UNNUMBERED } = A
const NAMESAKE = { ...UNNUMBERED, village: '3174020001', list: 'z|1' }
const { kk: __, ...WITHOUT_CARD } = NAMESAKE

it('joins nobody of the same name and birth date on another card elsewhere, and asks', () => {
  const { weight, isPossible } = evidenceOf(A, { ...NAMESAKE, kk: '3511010101100009' }, scoringModel)
  expect(weight).toBeLessThanOrEqual(apart)
  expect(isPossible).toBe(true)
})

const NEXT_DAY = { birth: { year: 1983, month: 4, day: 18 }, nik: '3511015804830001' }

it.each([
  ['elsewhere', { ...WITHOUT_CARD, ...NEXT_DAY }],
  ['on another card', { ...A, ...NEXT_DAY, kk: '3174010101100009', list: 'z|1' }],
] satisfies [string, Features][])(
  'joins nobody of the same name, born a day later by a number of their own, %s',
  (_, b) => {
    expect(evidenceOf(A, b, scoringModel).weight).toBeLessThanOrEqual(apart)
  },
)

it.each(['3174015704830009', '3511015704830001'])(
  'joins nobody of the same name and birth date by the number %s',
  (nik) => {
    const { weight } = evidenceOf(
      A,
      { ...A, nik, kk: '3174010101100009', village: '3511010001', list: 'z|1' },
      scoringModel,
    )
    expect(weight).toBeLessThanOrEqual(apart)
  },
)

it.each([
  ['on the same card', NAMESAKE],
  ['on a list without cards', WITHOUT_CARD],
] satisfies [string, Features][])('joins who moved and lost their number %s', (_, b) => {
  expect(evidenceOf(A, b, scoringModel).weight).toBeGreaterThanOrEqual(same)
})

it('joins nobody of one hamlet and name who has another card and a birth date that is close, and asks', () => {
  const here = { ...UNNUMBERED, address: 'DUSUN KRAJAN', list: 'y|1', source: 'y' }
  const there = { ...here, birth: { year: 1983, month: 4, day: 7 }, kk: '3174010101100009', list: 'z|1', source: 'z' }
  const { weight, isPossible, override } = evidenceOf(here, there, scoringModel)
  expect(weight).toBeLessThanOrEqual(apart)
  expect({ isPossible, override }).toEqual({ isPossible: true, override: 'namesakes' })
})

it('lets no third record bring together two of two family cards who are not likely to be one', () => {
  const guessed = { ...UNNUMBERED, birth: { year: 1984, month: 1, day: 1 }, list: 'y|1' }
  const onCard = (kk: string) => evidenceOf(A, { ...guessed, kk }, scoringModel).weight
  expect(onCard('3174010101100001')).toBeGreaterThan(apart)
  expect(onCard('3174010101100009')).toBeLessThanOrEqual(apart)
})

it('asks about a name and a default birth date elsewhere', () => {
  const birth = { year: 1983, month: 7, day: 1 }
  const { weight, isPossible } = evidenceOf({ ...A, birth }, { ...WITHOUT_CARD, birth }, scoringModel)
  expect(weight).toBeLessThan(same)
  expect(isPossible).toBe(true)
})

it.each([
  ['the same again', A, true],
  ['mistyped, twice on one list, with the same NIK', { ...A, words: ['RATNA', 'KUSUNA'] }, true],
  [
    'a sister on the same list, born on the same day',
    { ...A, words: ['RATIH', 'LESTARI'], nik: '3174015704830002' },
    false,
  ],
  [
    'a namesake of another regency',
    {
      ...A,
      birth: { year: 1971, month: 9, day: 2 },
      nik: '3511014209710003',
      kk: '3511010101100009',
      village: '3511010001',
      list: 'z|1',
    },
    false,
  ],
] satisfies [string, Features, boolean][])('judges %s', (_, b, isSame) => {
  const { weight } = evidenceOf(A, b, scoringModel)
  expect(weight >= same).toBe(isSame)
  if (!isSame) expect(weight).toBeLessThan(unsure)
})

it('takes one house for no more than one family, as long as nobody knows the families', () => {
  const { kk, ...atHome }: Features = { ...A, address: 'JL MELATI #1' }
  const weights = (isOneFamily?: boolean) => weigh(compare(atHome, atHome, [], isOneFamily), scoringModel.model)
  const [unknown, two, one] = [weights(), weights(false), weights(true)]
  expect(unknown.place).toBe(one.family)
  expect(two.place).toBeGreaterThan(unknown.place ?? 0)
  expect(one.place).toBeUndefined()
})

it('weighs two records alike, whichever comes first', () => {
  const maybe = <T>(...values: T[]) => fc.option(fc.constantFrom(...values), { nil: undefined })
  const features = fc
    .record({
      words: fc.constantFrom(['RATNA', 'KUSUMA'], ['RATNA', 'K'], ['KUSUMA'], ['RATNAH', 'KUSUNA'], ['BAGAS']),
      birth: maybe(
        { year: 1983, month: 4, day: 17 },
        { year: 1983, month: 1, day: 1 },
        { year: 1984, month: 1, day: 1 },
        { year: 1984, month: 4, day: 17 },
        { year: 1983, month: 4, day: 7 },
      ),
      sex: maybe('1', '2'),
      relation: maybe('1', '3'),
      nik: maybe(NIK_OF_A, '3174015704830010', '3174105704830001', '3174015704380001', '3511011203900001'),
      kk: maybe('3174010101100001', '3174010101100009'),
      source: maybe('x', 'y'),
      list: maybe('x|1', 'x|2', 'y|1'),
      village: maybe('3174010001', '3174010002', '3511010001'),
      address: maybe('JL MELATI #1', 'JL MELATI', 'DUSUN KRAJAN'),
    })
    .map((fields) => ({ ...Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined)), extras: {} }))
    .map((fields) => fields as Features)
  const families = fc.constantFrom(undefined, true, false)
  fc.assert(
    fc.property(features, features, families, (a, b, isOneFamily) => {
      const [one, other] = [evidenceOf(a, b, scoringModel, isOneFamily), evidenceOf(b, a, scoringModel, isOneFamily)]
      expect(other).toEqual({ ...one, weight: expect.closeTo(one.weight, 9) })
    }),
    { numRuns: 3000 },
  )
})

it('never makes anything of two whose NIKs alone say that they are two, whatever they have in common', () => {
  const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
  const maybe = <Value>(of: fc.Arbitrary<Value>) => fc.option(of, { nil: undefined })
  const about = fc.record({
    words: fc.array(fc.constantFrom('RATNA', 'KUSUMA', 'RATNAH', 'R', 'SRI', 'NI', 'WAYAN', 'MADE'), { maxLength: 3 }),
    birth: maybe(fc.constantFrom({ year: 1983, month: 4, day: 17 }, { year: 1983, month: 1, day: 1 })),
    sex: maybe(fc.constantFrom('1', '2')),
    relation: maybe(fc.constantFrom('1', '2', '3')),
    kk: maybe(fc.constantFrom('3174010101100001', '3174010101100009')),
    village: maybe(fc.constantFrom('3174010001', '3174010002')),
    address: maybe(fc.constantFrom('JL MAWAR 1', 'JL MELATI 2')),
    list: maybe(fc.constantFrom('x|1', 'y|1')),
  })
  const near = fc.tuple(digits(6), digits(6), digits(4), digits(6), digits(4))
  fc.assert(
    fc.property(
      about,
      about,
      near,
      fc.boolean(),
      fc.boolean(),
      maybe(fc.boolean()),
      (one, other, parts, d, s, family) => {
        const [district, date, serial, otherDistrict, otherSerial] = parts
        const [a, b] = [
          [district, date, serial].join(''),
          [d ? otherDistrict : district, date, s ? otherSerial : serial].join(''),
        ]
        fc.pre(areOfTwo(a, b))
        const features = (of: typeof one, nik: string) =>
          ({
            ...Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)),
            nik,
            extras: {},
          }) as Features
        const { weight, isPossible } = evidenceOf(features(one, a), features(other, b), scoringModel, family)
        expect(isPossible).toBe(false)
        expect(weight).toBeLessThan(unsure)
      },
    ),
    { numRuns: 2000 },
  )
})

it('takes two numbers for those of two people whichever comes first', () => {
  const digits = fc.stringMatching(/^[0-3]{4}$/)
  fc.assert(
    fc.property(digits, digits, digits, digits, (a, b, c, d) => {
      const [one, other] = [`31${a}570483${b}`, `31${c}570483${d}`]
      expect(areOfTwo(one, other)).toBe(areOfTwo(other, one))
    }),
  )
})
