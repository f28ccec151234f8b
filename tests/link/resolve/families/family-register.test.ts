import { describe, expect, it } from 'vitest'
import type { FamilyId } from '../../../../src/domain/ids.ts'
import { FamilyRegister } from '../../../../src/link/resolve/families/family-register.ts'
import type { SourceRecord } from '../../../../src/link/subjects/source-record.ts'
import { newSubject, type Subject } from '../../../../src/link/subjects/subject.ts'

const stored = (id: FamilyId, cardCount: number): Subject => ({
  ...newSubject(id, 'keluarga'),
  version: 1,
  cardCount,
  isNew: false,
})

function source(key: string): SourceRecord {
  const open = () => ({ level: 'keluarga' as const, key, path: '', fields: {} })
  return { key, platform: 'p', dataset: 'd', content: key, open, family: undefined }
}

const neverNew = (): FamilyId => {
  throw new Error('no family is new here')
}

describe('a register of families', () => {
  it('makes a family that nobody has named, and finds it again by each of its indexes', () => {
    const register = new FamilyRegister()
    expect(register.familyOf({ kk: 'K1', household: 'H1' }, undefined, 1, () => 'fam_1')).toBe('fam_1')
    expect(register.familyOf({ household: 'H1' }, undefined, 2, neverNew)).toBe('fam_1')
    const { families, identifiers, ids } = register.resolve([])
    expect(families).toMatchObject([{ subject: { id: 'fam_1', cardCount: 1, isNew: true } }])
    expect(identifiers.map(({ index, kind, subject }) => [index, kind, subject])).toEqual([
      ['K1', 'kk', 'fam_1'],
      ['H1', 'household', 'fam_1'],
    ])
    expect(ids.isNew('fam_1')).toBe(true)
  })

  it('unites a family known by a household with one known by a card: the stored one survives', () => {
    const register = new FamilyRegister([stored('fam_2', 0)], [['H1', 'fam_2']])
    register.familyOf({ kk: 'K1' }, undefined, 1, () => 'fam_1')
    expect(register.familyOf({ kk: 'K1', household: 'H1' }, undefined, 2, neverNew)).toBe('fam_2')
    const { ids, families } = register.resolve([])
    expect(ids.now('fam_1')).toBe('fam_2')
    expect(ids.united).toEqual([])
    expect(families).toMatchObject([{ subject: { id: 'fam_2', cardCount: 1 }, isChanged: true }])
  })

  it('redirects the younger of two stored families that become one', () => {
    const register = new FamilyRegister(
      [stored('fam_1', 1), stored('fam_2', 0)],
      [
        ['K1', 'fam_1'],
        ['H1', 'fam_2'],
      ],
    )
    register.familyOf({ kk: 'K1', household: 'H1' }, undefined, 4, neverNew)
    const { ids } = register.resolve([])
    expect(ids.redirects()).toEqual([{ from: 'fam_2', into: 'fam_1' }])
    expect([ids.now('fam_2'), ids.now('fam_9')]).toEqual(['fam_1', 'fam_9'])
  })

  it('keeps two families with a card each, however many households they share', () => {
    const register = new FamilyRegister()
    register.familyOf({ kk: 'K1', household: 'H1' }, undefined, 1, () => 'fam_1')
    expect(register.familyOf({ kk: 'K2', household: 'H1' }, undefined, 2, () => 'fam_2')).toBe('fam_2')
    expect(register.resolve([]).families).toHaveLength(2)
  })

  it.each([
    ['becomes the family its last record went to', [], [['fam_1', 'fam_2']]],
    ['stays while it has a record left', [{ family: 'fam_1' as const, source: source('other') }], []],
  ])('a family %s', (_, left, redirects) => {
    const register = new FamilyRegister([stored('fam_1', 1), stored('fam_2', 1)], [['K2', 'fam_2']])
    const family = register.familyOf({ kk: 'K2' }, 'fam_1', 5, neverNew)
    register.noteRecord(family, 5)
    expect(register.changedIds()).toEqual(['fam_1', 'fam_2'])
    const { ids, families } = register.resolve([{ family, source: source('moved') }, ...left])
    expect(ids.redirects().map(({ from, into }) => [from, into])).toEqual(redirects)
    expect(families.find(({ subject }) => subject.id === 'fam_2')?.sources.map(({ key }) => key)).toEqual(['moved'])
  })
})
