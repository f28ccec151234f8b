import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { bytesFor, requireRoom } from '../../../bench/grow/room.ts'

it('says how much disk a run takes, and refuses one that has no room', async () => {
  const said: string[] = []
  await requireRoom(tmpdir(), 1000, (line) => said.push(line))
  expect(said).toHaveLength(1)
  expect(said[0]).toMatch(/^growing to 1,000 subjects takes about 6\.0 GB in .* where [\d.]+ GB are free$/)
  await expect(requireRoom(tmpdir(), 1e12, (line) => said.push(line))).rejects.toThrow(
    /set TMPDIR to a folder on a larger disk/,
  )
  expect(said).toHaveLength(1)
})

it('counts 10 million subjects as some 33 GB', () => {
  expect(bytesFor(10_000_000) / 1e9).toBeCloseTo(33, 0)
})
