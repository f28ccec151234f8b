import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Pool } from 'pg'
import { expect, it } from 'vitest'
import { compareWithReceiver } from '../../../src/cli/run/receiver-end.ts'
import { renewFeed } from '../../../src/forward/feed-epoch.sql.ts'
import { openReceiver } from '../../../src/forward/receiver.client.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { openLog } from '../../../src/io/observe/log.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { startReceiver } from '../../../src/receiver/receiver.ts'
import { keys, linkChunk, pushing, signer } from '../../forward/gateway.ts'
import { freshReceiver, TOKEN } from '../../receiver/stand-in.ts'
import { emptyDatabase, freshDatabase } from '../../support/database.ts'
import { until } from '../../support/running.ts'

const log = openLog({ LOG_LEVEL: 'silent' }, 'test')

/** A comparison of a database with a receiver, as a process does it at its start; ended by `await using`. */
async function compare(db: Pool, url: string) {
  const receiver = openReceiver({ url, signer, deadlineMs: 2000, connections: 1 })
  const close = async () => void (await receiver.close())
  const compared = await compareWithReceiver({ db, log, receiver }).catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    signal: compared.signal,
    async [Symbol.asyncDispose]() {
      await compared[Symbol.asyncDispose]()
      await close()
    },
  }
}

it('refuses a database that lacks the newest delivery of the receiver, until titian restore has accepted the loss', async () => {
  await using present = await freshDatabase()
  // As if the data folder were put back with it: nothing but the receiver knows better.
  await using older = await freshDatabase()
  await using receiver = await freshReceiver()
  await using worker = pushing(present.pool, receiver.url)
  const { chunk, delivery } = await linkChunk(present.pool)
  await (await compare(older.pool, receiver.url))[Symbol.asyncDispose]()
  expect(await worker.work(chunk)).toBe('settled')
  await (await compare(present.pool, receiver.url))[Symbol.asyncDispose]()
  await expect(compare(older.pool, receiver.url)).rejects.toMatchObject({
    code: 'server-unsafe',
    message: expect.stringMatching(`${delivery}.*titian restore`),
  })
  await inTransaction(older.pool, (tx) => renewFeed(tx))
  await (await compare(older.pool, receiver.url))[Symbol.asyncDispose]()
})

it('goes on while the receiver is silent, and stops when it answers with what the database lacks', {
  timeout: 300_000,
}, async () => {
  await using present = await freshDatabase()
  await using older = await freshDatabase()
  await using database = await emptyDatabase()
  const port = await freePort()
  const start = () =>
    startReceiver({
      databaseUrl: database.url,
      host: '127.0.0.1',
      port,
      keys,
      token: TOKEN,
      misbehave: false,
      crash: () => undefined,
    })
  const first = await start()
  await using worker = pushing(present.pool, first.url)
  const { chunk } = await linkChunk(present.pool)
  expect(await worker.work(chunk)).toBe('settled')
  await first.close()
  await using compared = await compare(older.pool, first.url)
  expect(compared.signal.aborted).toBe(false)
  const again = await start()
  await until(() => compared.signal.aborted, 30)
  expect(compared.signal.reason).toMatchObject({ code: 'server-unsafe' })
  await again.close()
})

it.for([
  ['that does not offer to say', 404, '{}'],
  ['whose answer names no delivery', 200, '{"delivery":"dlv_1"}'],
  ['that fails', 500, ''],
] as const)('stops nobody for a receiver %s', async ([, status, body]) => {
  await using db = await freshDatabase()
  const server = createServer((_request, response) => void response.writeHead(status).end(body))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await using compared = await compare(db.pool, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  expect(compared.signal.aborted).toBe(false)
  server.close()
})
