import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { publicJwks } from '../../src/trust/keys/signing-keys.ts'
import { linkChunk, pushing, ring, workUntilSettled } from '../forward/gateway.ts'
import { oracleOf, TOKEN } from '../receiver/stand-in.ts'
import { emptyDatabase, freshDatabase } from '../support/database.ts'

/** The gateway's public keys over HTTP, as its JWKS route gives them. */
async function publishedKeys() {
  const server = createServer((_request, response) => response.end(JSON.stringify(publicJwks(ring))))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/.well-known/jwks.json`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

/** `titian receiver` in a process of its own, so that it can die. */
async function spawnReceiver(settings: Record<string, string>) {
  const main = `${import.meta.dirname}/../../src/main.ts`
  const child = spawn(process.execPath, [main, 'receiver'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...settings, RECEIVER_TOKEN: TOKEN, RECEIVER_MISBEHAVE: 'true' },
  })
  const ended = once(child, 'exit')
  const end = async () => {
    child.kill('SIGKILL')
    await ended
  }
  for await (const line of createInterface(child.stderr)) {
    const url = /^ready (http\S+)$/.exec(line)?.[1]
    if (url !== undefined) return { url, ended, [Symbol.asyncDispose]: end }
  }
  throw new Error('the receiver ended before it was ready')
}

it('finds one effect after the receiver was killed between its commit and its answer', async () => {
  await using db = await freshDatabase()
  await using ledger = await emptyDatabase()
  await using keys = await publishedKeys()
  const settings = { DATABASE_URL: db.url, RECEIVER_DATABASE_URL: ledger.url, RECEIVER_KEYS_URL: keys.url }
  await using first = await spawnReceiver({ ...settings, RECEIVER_PORT: '0' })
  const { port } = new URL(first.url)
  await using worker = pushing(db.pool, first.url, { deadlineMs: 10_000 })
  const { chunk, lines } = await linkChunk(db.pool)
  await oracleOf(first.url).misbehave('die-after-commit')
  expect(await worker.work(chunk)).toBe(1)
  expect(await first.ended).toEqual([null, 'SIGKILL'])
  // While it is down the connection is refused, and nothing settles.
  expect(await worker.work(chunk)).toBe(2)
  await using second = await spawnReceiver({ ...settings, RECEIVER_PORT: port })
  expect(await workUntilSettled(worker, chunk)).toEqual(['settled'])
  const oracle = oracleOf(second.url)
  expect(await oracle.counts()).toMatchObject({ deliveries: 1, repeats: 0, records: 6 })
  expect((await oracle.journal()).map(({ subject }) => subject)).toEqual(lines.map(({ subject }) => subject))
})
