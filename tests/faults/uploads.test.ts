import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { families } from '../../bench/families.ts'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { until } from '../support/running.ts'
import { type System, startSystem } from '../support/system.ts'
import { runTitian } from '../support/titian.ts'
import { carikPayload } from './families.ts'
import { insist } from './insist.ts'

const FAMILIES = 1500

describe('a gateway that dies during a resumable upload', () => {
  it.each(['upload:part:2', 'intake:chunk:3', 'intake:before-commit:1', 'intake:after-commit:1'])(
    'leaves one whole batch after the next gateway went on: %s',
    async (point) => {
      await using system = await startSystem()
      const [doomed] = await Promise.all([
        system.start('serve', { CRASH_AT: point }),
        system.start('receiver'),
        system.start('work'),
      ])
      const gateway = system.as('carik-jakarta')
      const heard: number[] = []
      const pushing = gateway.resume({ dataset: 'carik' }, carikPayload(FAMILIES), (bytes) => heard.push(bytes))
      await doomed.ended
      await system.start('serve')
      const { batch } = await pushing
      const { batches } = await gateway.get<{ batches: BatchView[] }>('/v1/batches')
      expect(batches.map(({ id }) => id)).toEqual([batch.id])
      await settlesWhole(system, gateway, batch.id, FAMILIES)
      await gateway.close()
    },
    600_000,
  )
})

describe('a gateway that dies during a submission', () => {
  it.each([
    'part:chunk:3',
    'part:before-commit:2',
    'part:after-commit:1',
    'submission:before-commit:1',
    'submission:after-commit:1',
  ])(
    'leaves every file once after the sender tries again: %s',
    async (point) => {
      await using system = await startSystem()
      const [doomed] = await Promise.all([
        system.start('serve', { CRASH_AT: point }),
        system.start('receiver'),
        system.start('work'),
      ])
      const gateway = system.as('carik-jakarta')
      const lines = [...families(200, 1)]
      const sending = (async () => {
        const { id } = await insist(system, '/v1/submissions', { 'idempotency-key': 'kill' })
        for (const [key, half] of [lines.slice(0, 100), lines.slice(100)].entries()) {
          const headers = { 'idempotency-key': `part-${key}`, 'content-type': 'application/x-ndjson' }
          await insist(system, `/v1/submissions/${id}/files/a?dataset=carik`, headers, `${half.join('\n')}\n`)
        }
        const headers = { 'content-type': 'application/json' }
        return insist(system, `/v1/submissions/${id}/commit`, headers, JSON.stringify({ files: ['a'] }))
      })()
      await doomed.ended
      await system.start('serve')
      const { files } = await sending
      const [file] = files
      expect(file).toMatchObject({ parts: 2, entries: 200 })
      await settlesWhole(system, gateway, file?.batch ?? '', 200)
      await gateway.close()
    },
    600_000,
  )
})

describe('a sender that is killed during a resumable upload', () => {
  it('goes on at its byte when it is started again, and makes one batch', async () => {
    await using system = await startSystem()
    await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
    await using folder = await folderWith(carikPayload(FAMILIES), system.secret('carik-jakarta'))
    await using slow = await stallingProxy(Number(new URL(system.url).port), 1_500_000)
    const args = (url: string) => [
      ...['push', folder.file, '--platform', 'carik-jakarta', '--dataset', 'carik', '--json'],
      ...['--url', url, '--client', 'carik-jakarta', '--secret-file', folder.secret],
    ]
    const first = runTitian(args(slow.url))
    const received = () =>
      withClient(system.receiver.databaseUrl.replace(/\/[^/]+$/, `/${system.database}`), async (db) => {
        const { rows } = await db.query<{ received: number }>('select received::float8 as received from upload')
        return rows.map((row) => row.received)
      })
    await until(async () => ((await received())[0] ?? 0) >= 1_000_000, 60)
    first.child.kill('SIGKILL')
    await first.ended
    const [before] = await received()
    const second = runTitian(args(system.url))
    expect(await second.ended).toBe(0)
    const batch = JSON.parse(second.stdout()) as BatchView
    expect(await received()).toHaveLength(1)
    expect(before).toBeGreaterThanOrEqual(1_000_000)
    const gateway = system.as('carik-jakarta')
    await settlesWhole(system, gateway, batch.id, FAMILIES)
    await gateway.close()
  }, 600_000)
})

/** A batch of so many entries settles, and each of them has its one effect. */
async function settlesWhole(
  system: System,
  gateway: ReturnType<System['as']>,
  batch: string,
  entries: number,
): Promise<void> {
  await gateway.settled(batch)
  expect(await judge(system, new Map([[batch, entries]]))).toMatchObject(FLAWLESS)
}

async function folderWith(payload: ReturnType<typeof carikPayload>, clientSecret: string) {
  const path = await mkdtemp(join(tmpdir(), 'titian-resume-'))
  const [file, secret] = [join(path, 'keluarga.ndjson'), join(path, 'secret')]
  await writeFile(file, payload.open())
  await writeFile(secret, clientSecret)
  return { file, secret, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

/** Passes bytes on to a port of this machine, and after so many nothing more: a link that hangs. */
async function stallingProxy(port: number, bytes: number) {
  let passed = 0
  const server = createServer((socket) => {
    const target = connect(port, '127.0.0.1')
    socket.on('data', (piece) => {
      passed += piece.length
      if (passed > bytes) socket.pause()
      target.write(piece)
    })
    target.pipe(socket)
    for (const [one, other] of [
      [socket, target],
      [target, socket],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    [Symbol.asyncDispose]: async () => void server.close(),
  }
}
