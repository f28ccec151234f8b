import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request as ask } from 'undici'
import { describe, expect, it } from 'vitest'
import type { Feed } from '../../../src/forward/feed.ts'
import { renewFeed } from '../../../src/forward/feed-epoch.sql.ts'
import { sequenceDeliveries } from '../../../src/forward/sequence.sql.ts'
import { inTransaction } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { openGateway } from '../../flows/gateway.ts'
import { linkChunk, ring } from '../../forward/gateway.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase } from '../../support/database.ts'
import { runTitian } from '../../support/titian.ts'

/** A gateway with so many deliveries in its feed, a folder, and the arguments that pull into it. */
async function pulled(count: number) {
  const stack = new AsyncDisposableStack()
  const db = await freshDatabase()
  const gateway = stack.use(await openGateway({}, undefined, { db, ring }))
  const bps = await gateway.caller(null, ['deliveries:read', 'deliveries:ack'])
  const out = await mkdtemp(join(tmpdir(), 'titian-pull-'))
  stack.defer(() => rm(out, { recursive: true }))
  const secret = join(out, '.secret')
  await writeFile(secret, bps.secret)
  const more = async (number: number) => {
    for (let i = 0; i < number; i++) {
      await linkChunk(db.pool)
      await sequenceDeliveries(db.pool)
    }
  }
  await more(count)
  return {
    db,
    out,
    url: gateway.url,
    more,
    args: (url = gateway.url, ...rest: string[]) => [
      'pull',
      '--out',
      out,
      '--url',
      url,
      '--client',
      bps.id,
      '--secret-file',
      secret,
      ...rest,
    ],
    /** Names of what is in the folder, without the folder's own files. */
    files: async () => (await readdir(out)).filter((name) => name.endsWith('.zst')).sort(),
    async open() {
      const { rows } = await db.pool.query<{ open: number }>(sql`
        select count(*)::integer as open from delivery where state = 'composed'`)
      return rows[0]?.open
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

type Lie = (
  path: string,
  headers: IncomingHttpHeaders,
  bytes: Buffer,
) => { headers: IncomingHttpHeaders; bytes: Buffer }

/** Stands between puller and gateway and changes answers. */
async function liar(url: string, lie: Lie) {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const body = Buffer.concat(pieces)
    const { host: _, ...asked } = request.headers
    const answer = await ask(`${url}${request.url}`, {
      method: (request.method ?? 'GET') as 'GET',
      headers: asked,
      ...(body.length > 0 && { body }),
    })
    const told = lie(request.url ?? '', answer.headers, Buffer.from(await answer.body.arrayBuffer()))
    const { 'content-length': __, 'transfer-encoding': ___, connection: ____, ...headers } = told.headers
    response.writeHead(answer.statusCode, headers).end(told.bytes)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise<void>((done) => {
        server.closeAllConnections()
        server.close(() => done())
      }),
  }
}

describe('titian pull', () => {
  it('stores, verifies and acknowledges the whole feed, and goes on where it stopped', async () => {
    await using pull = await pulled(3)
    const first = await titian(pull.args(undefined, '--verify'))
    expect([first.code, first.err, first.out.length]).toEqual([0, [], 3])
    const stored = await pull.files()
    expect([stored.length, await pull.open()]).toEqual([3, 0])
    for (const name of stored) {
      const entry = JSON.parse(await readFile(join(pull.out, name.replace('ndjson.zst', 'json')), 'utf8'))
      expect(name).toBe(`${entry.position.padStart(12, '0')}-${entry.manifest.delivery}.ndjson.zst`)
      expect((await readFile(join(pull.out, name))).length).toBe(entry.manifest.bytes)
    }
    expect((await titian(pull.args(undefined, '--verify'))).out).toEqual([])
    await pull.more(2)
    const later = await titian(pull.args(undefined, '--verify', '--json'))
    expect(later.out.map((line) => JSON.parse(line).position)).toEqual(['4', '5'])
    expect(await pull.files()).toHaveLength(5)
  })

  it('takes deliveries on leases as well', async () => {
    await using pull = await pulled(6)
    const said = await titian(pull.args(undefined, '--verify', '--lease', '60'))
    expect([said.code, said.err, said.out.length, await pull.open()]).toEqual([0, [], 6, 0])
    expect(await pull.files()).toHaveLength(6)
  })

  it('is whole after a kill at any point, and acknowledges nothing that it does not have', async () => {
    await using pull = await pulled(3)
    for (const point of ['pull:verified:1', 'pull:stored:1', 'pull:acknowledged:1', 'pull:stored:2']) {
      const run = runTitian(pull.args(undefined, '--verify'), { CRASH_AT: point })
      expect([point, await run.ended]).toEqual([point, 'SIGKILL'])
      const { rows } = await pull.db.pool.query<{ id: string }>(
        sql`select id from delivery where state = 'acknowledged'`,
      )
      const stored = await pull.files()
      for (const { id } of rows) expect(stored.some((name) => name.includes(id))).toBe(true)
    }
    expect((await titian(pull.args(undefined, '--verify'))).code).toBe(0)
    expect([(await pull.files()).length, await pull.open()]).toEqual([3, 0])
  }, 300_000)

  const isFeed = (path: string) => path.startsWith('/v1/deliveries?')
  const isRecords = (path: string) => path.endsWith('/records')
  const without = (headers: IncomingHttpHeaders, ...names: string[]) =>
    Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))

  it.for<[string, Lie, string]>([
    [
      'changes a byte of a delivery',
      (path, headers, bytes) => {
        if (isRecords(path)) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
        return { headers, bytes }
      },
      'Content-Digest',
    ],
    [
      'takes the signature away',
      (path, headers, bytes) => ({
        headers: isRecords(path) ? without(headers, 'signature', 'signature-input') : headers,
        bytes,
      }),
      'missing',
    ],
    [
      'leaves a delivery out of the feed',
      (path, headers, bytes) => {
        if (!isFeed(path)) return { headers, bytes }
        const feed = JSON.parse(bytes.toString()) as Feed
        return { headers, bytes: Buffer.from(JSON.stringify({ ...feed, deliveries: feed.deliveries.slice(1) })) }
      },
      'Content-Digest',
    ],
    [
      'shows another manifest',
      (path, headers, bytes) => ({
        headers: isRecords(path) ? { ...headers, 'titian-manifest': ':e30=:' } : headers,
        bytes,
      }),
      'wrong',
    ],
  ])('ends with 3 when somebody between %s, and neither stores nor acknowledges', async ([, lie, why]) => {
    await using pull = await pulled(2)
    await using between = await liar(pull.url, lie)
    const said = await titian(pull.args(between.url, '--verify'))
    expect([said.code, said.out, said.err.length]).toEqual([3, [], 1])
    expect(said.err[0]).toContain(why)
    expect([await pull.files(), await pull.open()]).toEqual([[], 2])
  })

  it('ends with 3 when a delivery was taken out of the history that the gateway shows', async () => {
    await using pull = await pulled(2)
    await titian(pull.args(undefined, '--verify'))
    await pull.more(2)
    await pull.db.pool.query(sql`delete from delivery where position = 3`)
    const said = await titian(pull.args(undefined, '--verify'))
    expect([said.code, said.err[0]]).toEqual([3, expect.stringContaining('does not follow')])
    expect(await pull.files()).toHaveLength(2)
  })

  it('believes keys of a file only, where one is given', async () => {
    await using pull = await pulled(1)
    const jwks = join(pull.out, '.jwks.json')
    await writeFile(jwks, JSON.stringify({ keys: [] }))
    expect((await titian(pull.args(undefined, '--verify', '--jwks', jwks))).code).toBe(3)
    await writeFile(jwks, await (await fetch(`${pull.url}/.well-known/jwks.json`)).text())
    expect((await titian(pull.args(undefined, '--verify', '--jwks', jwks))).code).toBe(0)
  })

  it('says what to do when the feed began anew', async () => {
    await using pull = await pulled(2)
    await titian(pull.args())
    await inTransaction(pull.db.pool, renewFeed)
    const said = await titian(pull.args())
    expect([said.code, said.err.join()]).toEqual([1, expect.stringContaining('after=0')])
    const again = await titian(pull.args(undefined, '--again'))
    expect([again.code, again.out.length]).toEqual([0, 2])
    expect(await pull.files()).toHaveLength(2)
  })

  it('refuses what it cannot mean', async () => {
    await using pull = await pulled(0)
    for (const rest of [
      ['--lease', '0'],
      ['--lease', 'soon'],
      ['--lease', '10', '--no-ack'],
    ])
      expect([rest, (await titian(pull.args(undefined, ...rest))).code]).toEqual([rest, 1])
  })
})

describe('titian export', () => {
  it('writes a first load, after which titian pull goes on in the same folder', async () => {
    await using pull = await pulled(2)
    await pull.db.pool.query(sql`update delivery set composed_at = now() - interval '2 days'`)
    await pull.more(1)
    const { rows } = await pull.db.pool.query<{ day: string; tomorrow: string }>(sql`
      select ((now() at time zone 'Asia/Jakarta')::date - 1)::text as day,
        ((now() at time zone 'Asia/Jakarta')::date + 1)::text as tomorrow`)
    const { day = '', tomorrow = '' } = rows[0] ?? {}
    const args = (date: string, ...rest: string[]) => [
      'export',
      '--as-of',
      date,
      ...pull.args(undefined, ...rest).slice(1),
    ]
    const said = await titian(args(day, '--json'))
    expect([said.code, said.err]).toEqual([0, []])
    const lines = (await readFile(join(pull.out, `titian-${day}.ndjson`), 'utf8')).trim().split('\n')
    expect([lines.length, JSON.parse(said.out[0] ?? '').records]).toEqual([12, 12])
    expect(JSON.parse(await readFile(join(pull.out, `titian-${day}.json`), 'utf8'))).toEqual(
      JSON.parse(said.out[0] ?? ''),
    )
    const next = await titian(pull.args(undefined, '--verify', '--json'))
    expect([next.code, next.out.map((line) => JSON.parse(line).position)]).toEqual([0, ['3']])
    for (const date of [tomorrow, 'kemarin']) expect([date, (await titian(args(date))).code]).toEqual([date, 1])
  })
})
