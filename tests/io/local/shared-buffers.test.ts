import { expect, it } from 'vitest'
import { memoryOfMachine, sharedBuffersOf } from '../../../src/io/local/shared-buffers.ts'

const GB = 1024 ** 3

it.each([
  [0.5, 128],
  [4, 512],
  [8, 1024],
  [23.5, 3008],
  [512, 4096],
])('of a machine of %s GB the embedded PostgreSQL keeps pages in %i MB', (memory, megabytes) => {
  expect(sharedBuffersOf(memory * GB)).toBe(megabytes)
})

it('knows the memory of this machine', () => {
  expect(memoryOfMachine()).toBeGreaterThan(0.1 * GB)
})
