import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Registry } from '../../src/catalogue/registry.ts'
import { openRegistry } from '../../src/deps.ts'
import { receiptTask } from '../../src/engine/receipt/build.db.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { parseProof } from '../../src/trust/tree/tlog-proof.ts'
import { titian } from '../support/command.ts'
import { openGateway, problemOf, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type Call = Awaited<ReturnType<TestGateway['caller']>>
type Family = { id_keluarga: string; alamat: string }

let registry: Registry
let gateway: TestGateway
let carik: Call
let folder: string
let lines: string[]
let batch: string

const file = (name: string) => join(folder, name)

/** Twenty lines, of which one is no JSON, one is no UTF-8, and one is blank. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-receipt-'))
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({ CHUNK_RECORDS: '6' }, registry)
  carik = await gateway.caller('carik-jakarta')
  const text = await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')
  lines = text.split('\n').slice(0, 17)
  lines.splice(4, 0, '{"id_keluarga":')
  lines.splice(9, 0, '')
  batch = await settled('pertama', withBroken(lines))
  await save('pushed.ndjson', withBroken(lines))
  await save('keys.json', Buffer.from(await (await fetch(`${gateway.url}/.well-known/jwks.json`)).text()))
  await save('batch.tlog-proof', Buffer.from(await receiptOf(batch)))
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** The lines with one more that is no UTF-8. */
function withBroken(all: readonly string[]): Buffer {
  return Buffer.concat([Buffer.from(`${all.join('\n')}\n`), Buffer.of(0x7b, 0xff, 0x7d, 0x0a)])
}

function save(name: string, bytes: Buffer | string): Promise<void> {
  return writeFile(file(name), bytes)
}

async function settled(key: string, body: Buffer, dataset = 'carik', call = carik, type = {}): Promise<string> {
  const response = await push(call, key, new Uint8Array(body), { dataset, ...type })
  expect(response.status).toBe(202)
  const { id } = (await response.json()) as { id: string }
  await workAll(gateway, registry)
  await receiptTask(gateway.deps).run(gateway.db.pool)
  return id
}

async function receiptOf(id: string, query = '', call = carik): Promise<string> {
  const answer = await call(`/v1/batches/${id}/receipt${query}`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8'])
  return answer.text()
}

/** What `titian receipt verify` says, as JSON. */
async function byCommand(receipt: string, data: string, ...more: string[]): Promise<Record<string, unknown>> {
  const said = await titian([
    'receipt',
    'verify',
    file(receipt),
    '--data',
    file(data),
    '--keys',
    file('keys.json'),
    '--json',
    ...more,
  ])
  return JSON.parse(said.out[0] ?? JSON.stringify(said))
}

/** Runs the script of the page, as it stands there, by itself. */
async function byScript(receipt: string, data: string): Promise<string> {
  const page = await readFile(new URL('../../docs/how-to/verify-a-receipt.md', import.meta.url), 'utf8')
  const script = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
  expect(script.split('\n').length).toBeLessThan(100)
  await save('verify-receipt.mjs', script)
  const args = [file('verify-receipt.mjs'), file(receipt), file(data), file('keys.json')]
  return new Promise((resolve) => {
    execFile(process.execPath, args, (_error, out, err) => resolve((out + err).trim().split('\n')[0] ?? ''))
  })
}

/** A receipt with its extra data, or any of its text, changed. */
function forged(text: string, change: (extra: Record<string, unknown>) => object): string {
  const extra = JSON.parse(parseProof(text)?.extra.toString() ?? '')
  return text.replace(/^extra .*$/m, `extra ${Buffer.from(JSON.stringify(change(extra))).toString('base64')}`)
}

describe('the receipt of a batch', () => {
  it('proves the file that was pushed and every outcome, by the command and by the script of the page', async () => {
    const holds = { holds: true, batch, size: 19, entries: 19, outcomes: { new: 17, rejected: 2 }, unread: 1 }
    expect(await byCommand('batch.tlog-proof', 'pushed.ndjson', '--batch', batch)).toEqual(holds)
    expect(await byScript('batch.tlog-proof', 'pushed.ndjson')).toBe(`holds: ${batch}, all 19 records`)
  })

  it('does not hold for a changed record, a changed outcome, another batch, or a tree that was cut', async () => {
    const receipt = await receiptOf(batch)
    const changed = lines.with(2, (lines[2] ?? '').replace('"alamat":"', '"alamat":"X'))
    await save('changed.ndjson', withBroken(changed))
    await save('cut.ndjson', `${lines.join('\n')}\n`)
    await save(
      'outcome',
      forged(receipt, (extra) => ({ ...extra, outcomes: String(extra.outcomes).replace('n', 'u') })),
    )
    await save(
      'other',
      forged(receipt, (extra) => ({ ...extra, batch: `bat_${'0'.repeat(26)}` })),
    )
    await save(
      'shorter',
      forged(receipt, (extra) => ({ ...extra, outcomes: String(extra.outcomes).slice(0, -1) })),
    )
    await save('size', receipt.replace(/^19$/m, '18'))
    await save('root', receipt.replace(/^([A-Za-z0-9+/]{43}=)\n\n—/m, `${Buffer.alloc(32).toString('base64')}\n\n—`))
    await save('path', receipt.replace(/^(index 0)\n.+$/m, '$1'))
    expect(await byCommand('batch.tlog-proof', 'changed.ndjson')).toEqual({ holds: false, why: 'root-other' })
    expect(await byCommand('batch.tlog-proof', 'cut.ndjson')).toEqual({ holds: false, why: 'size-other' })
    const faults = []
    for (const name of ['outcome', 'other', 'shorter', 'size', 'root', 'path'])
      faults.push([(await byCommand(name, 'pushed.ndjson')).why, await byScript(name, 'pushed.ndjson')])
    expect(faults).toEqual([
      ['root-other', 'does not hold: a record or an outcome was changed'],
      ['batch-other', 'does not hold: of another batch'],
      ['size-other', 'does not hold: another number of records'],
      ['signature-wrong', 'does not hold: signature'],
      ['signature-wrong', 'does not hold: signature'],
      ['root-other', 'does not hold: a record or an outcome was changed'],
    ])
    expect(await byScript('batch.tlog-proof', 'changed.ndjson')).toBe(faults[0]?.[1])
    expect(await byScript('batch.tlog-proof', 'cut.ndjson')).toBe(faults[2]?.[1])
    expect(await byCommand('batch.tlog-proof', 'pushed.ndjson', '--batch', 'bat_x')).toMatchObject({
      why: 'batch-other',
    })
  })

  it('proves one record by its line or its key, by that record alone, and no other outcome of it', async () => {
    const line = await receiptOf(batch, '?line=7')
    await save('line', line)
    await save('record.ndjson', `${lines[6]}\n`)
    expect(await byCommand('line', 'record.ndjson')).toMatchObject({ holds: true, entries: 1, outcomes: { new: 1 } })
    expect(await byScript('line', 'pushed.ndjson')).toBe(`holds: ${batch}, line 7 of 19 records: new`)
    const { id_keluarga: key } = JSON.parse(lines[6] ?? '') as Family
    const found = await carik(`/v1/batches/${batch}/receipt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    })
    expect(await found.text()).toBe(line)
    await save(
      'line-outcome',
      forged(line, (extra) => ({ ...extra, outcome: 'held' })),
    )
    await save('other.ndjson', `${lines[7]}\n`)
    expect(await byCommand('line-outcome', 'pushed.ndjson')).toEqual({ holds: false, why: 'root-other' })
    expect(await byScript('line-outcome', 'pushed.ndjson')).toContain('does not hold')
    expect(await byCommand('line', 'other.ndjson')).toEqual({ holds: false, why: 'root-other' })
    // A record that was not read proves its outcome, which was no other than a rejection.
    await save('unread', await receiptOf(batch, '?line=20'))
    expect(await byCommand('unread', 'pushed.ndjson')).toMatchObject({
      holds: true,
      unread: 1,
      outcomes: { rejected: 1 },
    })
    await save(
      'unread-new',
      forged(await receiptOf(batch, '?line=20'), (extra) => ({ ...extra, outcome: 'new' })),
    )
    expect(await byCommand('unread-new', 'pushed.ndjson')).toEqual({ holds: false, why: 'root-other' })
    expect(await byScript('unread-new', 'pushed.ndjson')).toContain('does not hold')
  })

  it('is of a CSV as well, read as the dataset has it', async () => {
    const sumedang = await gateway.caller('sumedang')
    const text = await readFile(new URL('../samples/sumedang/sumedang.csv', import.meta.url), 'utf8')
    const csv = `${text.split('\n').slice(0, 15).join('\n')}\n`
    const id = await settled('csv', Buffer.from(csv), 'sumedang', sumedang, { 'content-type': 'text/csv' })
    await save('data.csv', csv)
    await save('csv.tlog-proof', await receiptOf(id, '', sumedang))
    expect(await byCommand('csv.tlog-proof', 'data.csv')).toMatchObject({ holds: true, entries: 14 })
    expect(await byScript('csv.tlog-proof', 'data.csv')).toBe(`holds: ${id}, all 14 records`)
    await save('csv-line', await receiptOf(id, '?line=5', sumedang))
    expect(await byScript('csv-line', 'data.csv')).toContain(`holds: ${id}, line 5 of 14 records`)
    await save(
      'moved.csv',
      csv
        .split('\n')
        .with(4, csv.split('\n')[5] ?? '')
        .join('\n'),
    )
    expect(await byCommand('csv-line', 'moved.csv')).toMatchObject({ holds: false })
  })

  it('is of a JSON array as well, by the places of its elements', async () => {
    const elements = lines.filter((line) => line.endsWith('}')).slice(0, 3)
    const array = `[\n${elements.join(',\n')}\n]`
    const id = await settled('deret', Buffer.from(array), 'carik', carik, { 'content-type': 'application/json' })
    await save('array.json', array)
    await save('array.tlog-proof', await receiptOf(id))
    expect(await byCommand('array.tlog-proof', 'array.json')).toMatchObject({ holds: true, entries: 3 })
  })

  it('is fetched by the command, whole or of one line', async () => {
    await save('secret', carik.secret)
    const get = (out: string, ...more: string[]) =>
      titian([
        ...['receipt', 'get', batch, '--platform', 'carik-jakarta', '--out', file(out), ...more],
        ...['--url', gateway.url, '--client', carik.id, '--secret-file', file('secret')],
      ])
    expect(await get('fetched')).toMatchObject({ code: 0, out: [file('fetched')] })
    expect(await readFile(file('fetched'), 'utf8')).toBe(await receiptOf(batch))
    expect(await get('fetched-line', '--line', '7')).toMatchObject({ code: 0 })
    expect(await readFile(file('fetched-line'), 'utf8')).toBe(await receiptOf(batch, '?line=7'))
    expect(await get('none', '--line', '999')).toMatchObject({ code: 1 })
  })

  it('is told as JSON to programs: size, root and checkpoint', async () => {
    const answer = await carik(`/v1/batches/${batch}/receipt`, { headers: { accept: 'application/json' } })
    const told = (await answer.json()) as Record<string, unknown>
    expect(told).toMatchObject({ batch, edition: 1, size: 19 })
    expect(told.checkpoint).toBe(parseProof(await receiptOf(batch))?.note)
  })

  it('is the platform’s and the steward’s alone, and says what is not there yet or not at all', async () => {
    const path = `/v1/batches/${batch}/receipt`
    const codeAt = async (call: Call, where: string) => (await problemOf(await call(where))).code
    expect(await codeAt(await gateway.caller('sumedang'), path)).toBe('not-found')
    expect(await codeAt(await gateway.caller(null, ['ops']), path)).toBe('scope-missing')
    expect((await (await gateway.caller(null, ['steward']))(path)).status).toBe(200)
    expect(await codeAt(carik, `${path}?line=10`)).toBe('not-found')
    expect(await codeAt(carik, `${path}?line=0`)).toBe('bad-request')
    const pushed = await push(carik, 'unterwegs', `${lines[0]}\n`, { dataset: 'carik' })
    const { id } = (await pushed.json()) as { id: string }
    expect(await codeAt(carik, `/v1/batches/${id}/receipt`)).toBe('receipt-pending')
  })

  it('does not hold by the keys of somebody else', async () => {
    const strange = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: Buffer.alloc(32, 9).toString('base64url') }] }
    await save('strange.json', JSON.stringify(strange))
    const said = await titian([
      'receipt',
      'verify',
      file('batch.tlog-proof'),
      '--data',
      file('pushed.ndjson'),
      '--keys',
      file('strange.json'),
    ])
    expect(said).toMatchObject({ code: 1, err: [expect.stringContaining('none of the keys signed it')] })
  })
})
