import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readRegistry } from '../../src/catalogue/registry.file.ts'
import { type Registry, readParts } from '../../src/catalogue/registry.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { finishSnapshots } from '../../src/link/withdraw/snapshot.db.ts'
import { titian } from '../support/command.ts'
import { openGateway, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

let registry: Registry
let gateway: TestGateway
let folder: string
let records: string[]
let asCarik: string[]
let asOps: string[]

beforeAll(async () => {
  registry = readParts(await readRegistry(['src/registry']), (identity) => identity, new Diagnostics())
  gateway = await openGateway({}, registry)
  folder = await mkdtemp(join(tmpdir(), 'titian-withdraw-'))
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  records = text.split('\n').slice(0, 40)
  const [carik, ops] = [await gateway.caller('carik-jakarta'), await gateway.caller(null, ['ops'])]
  asCarik = await credentials('carik', carik)
  asOps = await credentials('ops', ops)
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function credentials(name: string, { id, secret }: { id: string; secret: string }): Promise<string[]> {
  const file = join(folder, name)
  await writeFile(file, secret)
  return ['--url', gateway.url, '--client', id, '--secret-file', file]
}

const PLATFORM = ['--platform', 'carik-jakarta']

/** Pushes the first so many records; the id of the batch. */
async function push(count: number, ...options: string[]): Promise<string> {
  const file = join(folder, `first-${count}.ndjson`)
  await writeFile(file, `${records.slice(0, count).join('\n')}\n`)
  const { out } = await titian(['push', file, ...PLATFORM, '--dataset', 'carik', '--json', ...options, ...asCarik])
  return (JSON.parse(out[0] ?? '{}') as { id: string }).id
}

const work = () => workAll(gateway, registry)
const keyOf = (at: number) => (JSON.parse(records[at] ?? '{}') as { id_keluarga: string }).id_keluarga

it('takes back a record and a batch, ends a batch, and decides about a held snapshot', async () => {
  const id = await push(40)
  await work()
  const record = ['withdraw', 'record', keyOf(0), ...PLATFORM, '--dataset', 'carik', '--reason', 'moved', ...asCarik]
  expect(await titian(record)).toMatchObject({ code: 0, out: [expect.stringMatching(/received 1, .* pending 1$/)] })
  await work()
  expect((await titian(record)).out[0]).toMatch(/settled; received 1, withdrawn 1, nothing to withdraw 0, pending 0$/)

  const unlinked = await push(3, '--key', 'unlinked')
  const abort = await titian(['batch', 'abort', unlinked, ...PLATFORM, ...asCarik])
  expect(abort.out[0]).toMatch(/aborted; received 3, .*rejected 3, held 0, pending 0$/)

  const held = await push(5, '--snapshot')
  await work()
  await finishSnapshots(gateway.db.pool, { mostAbsent: () => 10, crash: () => undefined })
  const decide = ['batch', 'snapshot', held, '--decision', 'withdraw', '--reason', 'asked the region', ...asOps]
  expect((await titian(decide)).out[0]).toMatch(/withdrawn; \d+ of \d+ records absent$/)
  expect(await titian(decide)).toMatchObject({
    code: 1,
    err: [expect.stringContaining('bukan snapshot yang sedang ditahan')],
  })
  await work()

  const batch = await titian(['withdraw', 'batch', id, ...PLATFORM, '--reason', 'mistaken', ...asCarik])
  expect(batch.out[0]).toMatch(/received 4, withdrawn 0, nothing to withdraw 0, pending 4$/)
}, 300_000)

it('says what is wrong before anything is asked', async () => {
  const [file, two] = [join(folder, 'a.ndjson'), join(folder, 'b.ndjson')]
  await Promise.all([writeFile(file, '{}'), writeFile(two, '{}')])
  const both = await titian(['push', file, two, '--snapshot', ...PLATFORM, '--dataset', 'carik', ...asCarik])
  expect(both).toMatchObject({ code: 1, err: [expect.stringContaining('a snapshot is one file')] })
  await expect(
    titian(['withdraw', 'record', 'K', ...PLATFORM, '--dataset', 'carik', '--reason', 'absent', ...asCarik]),
  ).rejects.toMatchObject({ code: 'commander.invalidArgument' })
})
