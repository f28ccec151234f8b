import { expect, it } from 'vitest'
import { titian } from '../support/command.ts'

it('a push of a missing file says so in one sentence, as a check does', async () => {
  const dataset = ['--dataset', 'carik']
  const pushed = await titian(['push', 'nope.ndjson', '--platform', 'carik-jakarta', ...dataset])
  const checked = await titian(['check', 'nope.ndjson', '--platform', 'carik-jakarta', ...dataset])
  expect(pushed).toEqual({ out: [], err: ['titian: nope.ndjson cannot be read: it does not exist'], code: 1 })
  expect(checked).toEqual(pushed)
})
