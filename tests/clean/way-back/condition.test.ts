import { describe, expect, it } from 'vitest'
import { columnsFor, holdsIn } from '../../../src/clean/way-back/condition.ts'

describe('a condition in a row of which some columns are known', () => {
  it.each([
    [{ A: '1' }, { A: '1' }, true],
    [{ A: '1' }, { A: '2' }, false],
    [{ A: '1' }, {}, undefined],
    [{ A: '1', B: '2' }, { B: '3' }, false],
    [{ A: ['1', '2'] }, { A: 2 }, true],
    [{ A: { not: '1' } }, { A: '1' }, false],
    [{ A: { not: ['1', '2'] } }, { A: '3' }, true],
    [{ A: 'empty' }, { A: '' }, true],
    [{ A: 'filled' }, { A: ' ' }, false],
    [{ A: '2..5' }, { A: '5' }, true],
    [{ A: '2..5' }, { A: '6' }, false],
    [{ '@umur': '1..2' }, { A: '1' }, undefined],
  ])('%j in %j is %s', (when, known, answer) => {
    expect(holdsIn(when, new Map(Object.entries(known)))).toBe(answer)
  })

  it('is made true by columns, unless it is about a variable or only says what must not be', () => {
    expect(columnsFor({ A: ['x', 'y'], B: 'empty' })).toEqual(
      new Map([
        ['A', 'x'],
        ['B', ''],
      ]),
    )
    expect(columnsFor({ '@umur': '1..2' })).toBeUndefined()
    expect(columnsFor({ A: { not: 'x' } })).toBeUndefined()
    expect(columnsFor({ A: '1..3' })).toBeUndefined()
  })
})
