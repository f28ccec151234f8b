import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { sources } from '../../../bench/chaos/bodies.ts'
import { type Journal, sendFrom } from '../../../bench/chaos/sender.ts'
import { plantedServer } from './planted.ts'

type Answer = (request: IncomingMessage, answer: ServerResponse) => void
const taken =
  (status: number, id: string): Answer =>
  (_request, answer) =>
    answer.writeHead(status).end(JSON.stringify({ id }))

/** What a sender notes that pushes once, and once more after an answer, where the server answers so, one call after the other. */
async function sendOnce(answers: Answer[]) {
  const folder = await mkdtemp(join(tmpdir(), 'titian-sender-'))
  const [ending, giveUp] = [new AbortController(), new AbortController()]
  const keys: unknown[] = []
  await using server = await plantedServer((request, answer) => {
    keys.push(request.headers['idempotency-key'])
    if (keys.length === answers.length) ending.abort()
    answers[keys.length - 1]?.(request, answer)
  })
  const [source] = sources()
  const file = join(folder, 'sent.ndjson')
  const journal: Journal = { attempted: 0, acknowledged: [], astray: [], file }
  const credentials = { url: server.url, client: 'c', secret: 's' }
  if (source === undefined) throw new Error('there are no sources')
  await sendFrom(source, { name: 'one', credentials, below: () => 0 }, journal, {
    ending: ending.signal,
    giveUp: giveUp.signal,
  })
  const written = await readFile(file, 'utf8').catch(() => '')
  await rm(folder, { recursive: true })
  return { ...journal, keys, written }
}

it('repeats with the same key what was not answered, and what was', async () => {
  const cut: Answer = (request) => request.socket.destroy()
  const busy: Answer = (_request, answer) => answer.writeHead(503).end('{}')
  const { keys, acknowledged, astray, written } = await sendOnce([cut, busy, taken(202, 'bat_1'), taken(200, 'bat_1')])
  expect(keys).toEqual(Array(4).fill('"one-0"'))
  expect([acknowledged, astray]).toEqual([[expect.objectContaining({ batch: 'bat_1', tries: 3, entries: 40 })], []])
  expect(written).toContain('bat_1')
})

it('notes a key that is answered with two batches', async () => {
  const { astray } = await sendOnce([taken(202, 'bat_1'), taken(202, 'bat_2')])
  expect(astray).toEqual(['one-0: bat_1, then bat_2'])
})

it('notes a push that is refused for good', async () => {
  const { astray, acknowledged } = await sendOnce([(_request, answer) => answer.writeHead(422).end('{}')])
  expect([astray, acknowledged]).toEqual([['one-0: 422 after 1 tries'], []])
})

it('draws bodies whose entries can be counted', () => {
  for (const { draw } of sources()) {
    const { bytes, entries, type } = draw(() => 3)
    const lines = bytes.toString('latin1').trimEnd().split('\n').length
    expect([entries >= 20, lines]).toEqual([true, type === 'text/csv' ? entries + 1 : entries])
  }
})
