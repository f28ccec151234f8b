import { expect, it } from 'vitest'
import { type Linked, scoreLinks } from '../../../src/link/train/evaluate.ts'

const record = (person: string, truth: string, hasNik = true): Linked => ({ person, truth, hasNik })

it('scores pairs: one missed of three, and one made of two that is wrong', () => {
  const { all } = scoreLinks([record('p', 'A'), record('p', 'A'), record('q', 'A'), record('q', 'B')])
  expect(all).toEqual({ pairs: 3, found: 1, precision: 0.5, recall: 1 / 3, f1: 0.4 })
})

it('scores apart the pairs of which one record has no usable NIK', () => {
  const { withoutNik } = scoreLinks([
    record('p', 'A'),
    record('p', 'A'),
    record('q', 'A', false),
    record('q', 'B', false),
  ])
  expect(withoutNik).toMatchObject({ pairs: 2, found: 0, precision: 0, recall: 0, f1: 0 })
})

it('finds no fault where there is nothing to find', () => {
  expect(scoreLinks([]).all).toMatchObject({ pairs: 0, precision: 1, recall: 1 })
})
