import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesNamed } from '../../../src/cli/client/files.file.ts'
import { pushCommand } from '../../../src/cli/client/push.ts'
import type { BatchView } from '../../../src/engine/batch-view.sql.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { openDesk, REGISTRY } from '../../console/desk.ts'
import type { TestGateway } from '../../flows/gateway.ts'
import { workAll } from '../../flows/stages.ts'
import { until } from '../../support/running.ts'

const SAMPLES = join(import.meta.dirname, '..', '..', 'samples')

/** A village of another province. */
const ELSEWHERE = '"3510010001"'
const VILLAGE = /"5101\d{6}"/

let gateway: TestGateway
let folder: string
beforeAll(async () => {
  gateway = await openDesk()
  folder = await mkdtemp(join(tmpdir(), 'titian-push-'))
  const clients = []
  for (const platform of ['carik-jakarta', 'jembrana'])
    clients.push({ ...(await gateway.caller(platform)), platform, role: 'platform' })
  const known = clients.map(({ id, secret, platform, role }) => ({ id, secret, platform, role }))
  await writeFile(join(folder, 'clients.json'), JSON.stringify({ url: gateway.url, clients: known }))
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Runs `titian push`, and answers what it prints as an answer and what it says beside. */
async function push(...args: string[]): Promise<{ out: string[]; err: string[] }> {
  const said = { out: [] as string[], err: [] as string[] }
  await pushCommand({
    env: {},
    out: (line) => said.out.push(line),
    err: (line) => said.err.push(line),
    interactive: false,
    dataDir: folder,
    signal: AbortSignal.timeout(60_000),
    exit: () => undefined,
    openDatabase: () => Promise.reject(new Error('push needs no database')),
  }).parseAsync(args, { from: 'user' })
  return said
}

/** A folder with these files. */
async function folderOf(name: string, files: Record<string, string>): Promise<string> {
  const path = join(folder, name)
  await mkdir(path)
  for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text)
  return path
}

/** The first rows of a region's sample. */
async function sample(file: string, rows: number): Promise<string[]> {
  return (await readFile(join(SAMPLES, file), 'utf8')).split('\n').slice(0, rows)
}

/** Works whatever arrives while a command runs. */
async function whileWorking<T>(running: Promise<T>): Promise<T> {
  let isOver = false
  const over = running.finally(() => {
    isOver = true
  })
  over.catch(() => undefined)
  const registry = await REGISTRY
  await until(async () => {
    const { rows } = await gateway.db.pool.query(sql`select from chunk where state = 'received' limit 1`)
    if (rows.length > 0) await workAll(gateway, registry)
    return isOver
  }, 60)
  return over
}

describe('the files that a push names', () => {
  it('are those of a folder that can be pushed, and those that a pattern finds, each once and in order', async () => {
    const path = await folderOf('nama', { 'b.csv': '', 'a.ndjson.gz': '', 'catatan.pdf': '', 'c.xlsx': '' })
    await mkdir(join(path, 'lama.csv'))
    const [a, b, c] = ['a.ndjson.gz', 'b.csv', 'c.xlsx'].map((name) => join(path, name)) as [string, string, string]
    expect(await filesNamed([path])).toEqual([a, b, c])
    expect(await filesNamed([c, join(path, '[ab].*'), path])).toEqual([c, a, b])
    expect(await filesNamed([join(path, 'tidak-ada.csv')])).toEqual([join(path, 'tidak-ada.csv')])
  })

  it('are refused where a folder or a pattern has none', async () => {
    const path = await folderOf('kosong', { 'catatan.pdf': '' })
    await expect(filesNamed([path])).rejects.toThrow(`${path} holds no file that can be pushed`)
    await expect(filesNamed([join(path, '*.csv')])).rejects.toMatchObject({ code: 'not-found' })
  })

  it('become a batch each, under keys of their own', async () => {
    const lines = await sample('carik-jakarta/carik.ndjson', 4)
    const path = await folderOf('berkas', {
      '1.ndjson': `${lines.slice(0, 2).join('\n')}\n`,
      '2.ndjson': `${lines.slice(2).join('\n')}\n`,
    })
    const args = ['--platform', 'carik-jakarta', '--dataset', 'carik', '--key', 'folder', '--json', path]
    const { out } = await push(...args)
    expect(out.map((line) => JSON.parse(line))).toMatchObject([
      { file: '1.ndjson', replayed: false, counts: { received: 2 } },
      { file: '2.ndjson', replayed: false, counts: { received: 2 } },
    ])
    const again = await push(...args)
    expect(again.out.map((line) => JSON.parse(line).replayed)).toEqual([true, true])
    await workAll(gateway, await REGISTRY)
  })
})

describe('titian push --timeout', () => {
  it('gives up after its seconds, and what was pushed stays', async () => {
    const path = await folderOf('lambat', { 'a.ndjson': `${(await sample('carik-jakarta/carik.ndjson', 1))[0]}\n` })
    const args = ['--platform', 'carik-jakarta', '--dataset', 'carik', '--key', 'lambat', path]
    await expect(push(...args, '--wait', '--timeout', '1')).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /^bat_\w+ is not settled within 1 seconds: 1 of 1 records are pending\. It goes on by itself/,
      ),
    })
    expect((await push(...args, '--json')).out.map((line) => JSON.parse(line).replayed)).toEqual([true])
    await workAll(gateway, await REGISTRY)
  })

  it.each(['0', '-1', '1.5', 'lama'])('refuses %s', async (seconds) => {
    const pushing = push('--platform', 'carik-jakarta', '--dataset', 'carik', `--timeout=${seconds}`, 'a.ndjson')
    await expect(pushing).rejects.toThrow('--timeout is a number of seconds')
  })
})

describe('titian push --rows', () => {
  it('writes the rows to be mended beside a CSV, which is pushed again as it is, once mended', async () => {
    const [title = '', ...rows] = await sample('jembrana/jembrana.csv', 11)
    const broken = rows.map((row, at) => (at === 3 || at === 7 ? row.replace(VILLAGE, ELSEWHERE) : row))
    const path = await folderOf('baris', { 'a.csv': `${[title, ...broken].join('\n')}\n` })
    const file = join(path, 'a.csv')
    const args = ['--platform', 'jembrana', '--dataset', 'jembrana', '--wait', '--rows', '--json']
    const { out, err } = await whileWorking(push(...args, file))
    const { id, counts } = JSON.parse(out[0] ?? '') as BatchView
    expect(counts.rejected).toBe(2)
    expect(err).toEqual([`${file}.rejected.csv written`])
    const back = await readFile(`${file}.rejected.csv`, 'utf8')
    expect(back.trimEnd().split('\r\n')).toHaveLength(3)
    const villages = [rows[3], rows[7]].map((row) => VILLAGE.exec(row ?? '')?.[0] ?? '')
    await writeFile(
      join(path, 'b.csv'),
      back.replaceAll(ELSEWHERE, () => villages.shift() ?? ''),
    )
    const second = await whileWorking(push(...args, join(path, 'b.csv')))
    expect(JSON.parse(second.out[0] ?? '')).toMatchObject({ counts: { received: 2, rejected: 0, held: 0 } })
    expect(second.err).toEqual([])
    const jembrana = await gateway.caller('jembrana')
    expect(await (await jembrana(`/v1/batches/${id}`)).json()).toMatchObject({ corrected: { rejected: 2 } })
    expect((await readdir(path)).toSorted()).toEqual(['a.csv', 'a.csv.rejected.csv', 'b.csv'])
  }, 300_000)

  it('writes rows of a dataset of NDJSON as NDJSON', async () => {
    const [line = ''] = await sample('carik-jakarta/carik.ndjson', 1)
    const broken = { ...JSON.parse(line), kode_kelurahan: '3199999999' }
    const path = await folderOf('baris-json', { 'a.ndjson': `${JSON.stringify(broken)}\n` })
    const file = join(path, 'a.ndjson')
    const args = ['--platform', 'carik-jakarta', '--dataset', 'carik', '--wait', '--rows', file]
    const { err } = await whileWorking(push(...args))
    expect(err).toEqual([expect.stringMatching(/^bat_\w+ received; waiting until/), `${file}.held.ndjson written`])
    expect(JSON.parse(await readFile(`${file}.held.ndjson`, 'utf8'))).toMatchObject({ kode_kelurahan: '3199999999' })
  }, 300_000)

  it('goes with --wait', async () => {
    const pushing = push('--platform', 'carik-jakarta', '--dataset', 'carik', '--rows', 'a.ndjson')
    await expect(pushing).rejects.toThrow('--rows goes with --wait')
  })
})
