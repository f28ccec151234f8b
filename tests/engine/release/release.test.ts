import { describe, expect, it } from 'vitest'
import { linesToRelease } from '../../../src/engine/release/release.ts'

const hold = (line: number, code: string) => ({ line, code, severity: 'hold' as const, path: '' })
const HELD = [1, 2, 3, 4]
const FINDINGS = [
  hold(1, 'code-unmapped'),
  hold(2, 'key-reused'),
  hold(3, 'key-reused'),
  hold(3, 'key-twice'),
  { line: 2, code: 'code-unmapped', severity: 'warning' as const, path: '' },
  // Of a line that is not held.
  hold(9, 'code-unmapped'),
]

describe('which held lines are released', () => {
  it.for<[string, string[] | undefined, number[], number[]]>([
    ['without codes all that may be mended, and those of which nothing is listed', undefined, [1, 3, 4], []],
    ['by a code those that it holds', ['code-unmapped'], [1], []],
    ['by a code that wants a reason those that it holds, by name', ['key-reused'], [2, 3], [2, 3]],
    ['by two codes those of either', ['key-reused', 'code-unmapped'], [1, 2, 3], [2, 3]],
    ['by another code of a line, not by name', ['key-twice'], [3], []],
    ['by a code that holds nothing none', ['nik-length'], [], []],
  ])('is %s', ([, codes, lines, named]) => {
    const wanted = { codes: codes && new Set(codes), wantReason: new Set(['key-reused']) }
    const released = linesToRelease(HELD, FINDINGS, wanted)
    expect([[...released.lines], [...released.named]]).toEqual([lines, named])
  })
})
