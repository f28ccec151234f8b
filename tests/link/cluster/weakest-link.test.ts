import { describe, expect, it } from 'vitest'
import { weakestLink } from '../../../src/link/cluster/weakest-link.ts'

describe('the weakest link', () => {
  it.for<[string, number[], [number, number, number][], number | undefined]>([
    ['of a single record is none', [3], [], undefined],
    ['of two is the one between them', [0, 1], [[0, 1, 7]], 7],
    [
      'is passed by where a stronger way leads round it',
      [0, 1, 2],
      [
        [0, 1, 9],
        [1, 2, 8],
        [0, 2, 5],
      ],
      8,
    ],
    [
      'is not looked for in other groups',
      [0, 1],
      [
        [0, 1, 9],
        [1, 2, 3],
      ],
      9,
    ],
    [
      'is that of the whole chain',
      [0, 1, 2, 3],
      [
        [0, 1, 9],
        [1, 2, 6],
        [2, 3, 8],
      ],
      6,
    ],
  ])('%s', ([, group, links, expected]) => {
    expect(
      weakestLink(
        group,
        links.map(([a, b, weight]) => ({ a, b, weight })),
      ),
    ).toBe(expected)
  })
})
