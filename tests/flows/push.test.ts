import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushCommand } from '../../src/cli/client/push.ts'
import type { CliContext } from '../../src/cli/context.ts'
import { openGateway, type TestGateway } from './gateway.ts'

const LINES = '{"id":"a"}\n{"id":"b"}\n'

let gateway: TestGateway
let folder: string
let client: { id: string; secret: string }

beforeAll(async () => {
  gateway = await openGateway()
  folder = await mkdtemp(join(tmpdir(), 'titian-push-'))
  client = await gateway.caller('utara')
  await writeFile(join(folder, 'secret'), `${client.secret}\n`)
  await writeFile(
    join(folder, 'clients.json'),
    JSON.stringify({ url: gateway.url, clients: [{ ...client, platform: 'utara', role: 'platform' }] }),
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

async function file(name: string, bytes: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

/** Runs `titian push` and answers what it prints. */
async function run(...args: string[]): Promise<string[]> {
  const said: string[] = []
  const context: CliContext = {
    env: {},
    out: (line) => said.push(line),
    err: (line) => said.push(line),
    interactive: false,
    dataDir: folder,
    signal: AbortSignal.timeout(20_000),
    exit: () => undefined,
    openDatabase: () => Promise.reject(new Error('push needs no database')),
  }
  await pushCommand(context).parseAsync(['--platform', 'utara', ...args], { from: 'user' })
  return said
}

describe('titian push', () => {
  it('makes one batch of each file, by the client of the data folder', async () => {
    const files = [await file('satu.ndjson', LINES), await file('dua.ndjson.zst', zstdCompressSync(LINES))]
    const said = await run('--dataset', 'orang', '--json', ...files)
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { file: 'satu.ndjson', replayed: false, dataset: 'orang', counts: { received: 2, pending: 2 } },
      { file: 'dua.ndjson.zst', replayed: false, dataset: 'orang', counts: { received: 2, pending: 2 } },
    ])
  })

  it('makes a new batch each time, unless the key is given', async () => {
    const path = await file('tiga.ndjson', '{"id":"c"}\n')
    const ids = async (...args: string[]) =>
      (await run('--dataset', 'orang', '--json', ...args, path)).map((line) => JSON.parse(line).id)
    expect(await ids()).not.toEqual(await ids())
    expect(await ids('--key', 'tetap')).toEqual(await ids('--key', 'tetap'))
  })

  it('waits until the batch is settled', async () => {
    const path = await file('empat.ndjson', '{"id":"d"}\n')
    const settle = setInterval(() => {
      gateway.db.pool
        .query(
          "with done as (update chunk set state = 'settled', new = entries returning batch) update batch set state = 'settled' where id in (select batch from done)",
        )
        .catch(() => undefined)
    }, 50)
    const said = await run(
      '--dataset',
      'orang',
      '--wait',
      '--url',
      gateway.url,
      '--client',
      client.id,
      '--secret-file',
      join(folder, 'secret'),
      path,
    )
    clearInterval(settle)
    expect(said[0]).toMatch(
      /^empat\.ndjson: bat_\w+ settled; received 1, new 1, updated 0, unchanged 0, rejected 0, held 0, pending 0$/,
    )
  })

  it('says in one sentence what is wrong', async () => {
    const path = await file('lima.ndjson', LINES)
    await expect(run('--dataset', 'tidak-ada', path)).rejects.toMatchObject({ code: 'dataset-unknown' })
    await expect(run('--dataset', 'orang', await file('enam.xml', ''))).rejects.toMatchObject({
      code: 'type-unsupported',
    })
    await expect(run('--dataset', 'orang', '--url', gateway.url, path)).rejects.toThrow(
      '--url, --client and --secret-file belong together',
    )
  })

  it('resumes with the same key when the connection breaks', async () => {
    const path = await file('tujuh.ndjson', '{"id":"e"}\n')
    const { hostname, port } = new URL(gateway.url)
    let broken = 0
    // A door in front of the gateway that breaks the first upload after the gateway has it, before the answer is through.
    const door = createServer((inside) => {
      const outside = connect(Number(port), hostname)
      inside.pipe(outside)
      outside.on('data', (bytes) => {
        if (broken === 0 && bytes.includes('202 Accepted')) {
          broken += 1
          inside.destroy()
          outside.destroy()
        } else inside.write(bytes)
      })
      for (const one of [inside, outside]) one.on('error', () => undefined)
      outside.on('close', () => inside.destroy())
      inside.on('close', () => outside.destroy())
    })
    await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
    const address = door.address() as { port: number }
    const said = await run(
      '--dataset',
      'orang',
      '--json',
      '--url',
      `http://127.0.0.1:${address.port}`,
      '--client',
      client.id,
      '--secret-file',
      join(folder, 'secret'),
      path,
    )
    door.close()
    expect(broken).toBe(1)
    expect(JSON.parse(said[0] ?? '')).toMatchObject({ replayed: true, counts: { received: 1 } })
  })
})
