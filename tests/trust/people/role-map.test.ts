import { expect, it } from 'vitest'
import { readRoleMap } from '../../../src/trust/people/role-map.ts'

it.for([
  [undefined, ['ops', 'tamu', 'viewer'], ['ops', 'viewer']],
  ['a=ops, b = steward', ['b', 'a', 'ops'], ['ops', 'steward']],
  ['a=ops,a2=ops', ['a', 'a2'], ['ops']],
  ['a=ops', [], []],
] as const)('by %o, %o is %o', ([map, claimed, roles]) => {
  expect(readRoleMap(map)(claimed)).toEqual(roles)
})

it.for(['a', 'a=boss', '=ops', 'a=ops,'])('%o is refused', (map) => {
  expect(() => readRoleMap(map)).toThrow('WORD=ROLE')
})
