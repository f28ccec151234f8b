import { expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'

it('names the new name of a setting that is given under its earlier one', () => {
  expect(() => readConfig({ RING_SECONDS: '60' })).toThrow('RING_SECONDS is called DISPATCH_SECONDS now')
  expect(readConfig({ DISPATCH_SECONDS: '60' }).DISPATCH_SECONDS).toBe(60)
})
