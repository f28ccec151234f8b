import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pushCommand } from '../../src/cli/client/push.ts'
import type { CliContext } from '../../src/cli/context.ts'
import { TitianError } from '../../src/domain/error.ts'
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
    expect(said).toContainEqual(
      expect.stringMatching(
        /^empat\.ndjson: bat_\w+ settled; received 1, new 1, updated 0, unchanged 0, rejected 0, held 0, pending 0$/,
      ),
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

  it('says which file is missing before it pushes any', async () => {
    const path = await file('delapan.ndjson', '{"id":"h"}\n')
    const count = async () => (await gateway.db.pool.query('select count(*)::int as n from batch')).rows[0].n
    const before = await count()
    for (const [missing, said] of [
      [join(folder, 'nope.ndjson'), 'nope.ndjson cannot be read'],
      [join(folder, 'nope-*'), 'no file is named like'],
    ] as const)
      await expect(run('--dataset', 'orang', path, missing)).rejects.toMatchObject({
        code: 'not-found',
        message: expect.stringContaining(said),
      })
    await expect(
      run('--dataset', 'orang', '--url', gateway.url, '--client', 'x', '--secret-file', join(folder, 'none'), path),
    ).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('none cannot be read') })
    expect(await count()).toBe(before)
  })

  it('offers the dataset or the platform that was meant', async () => {
    const path = await file('sembilan.ndjson', '{"id":"i"}\n')
    await expect(run('--dataset', 'ornag', path)).rejects.toThrow('there is no dataset ornag. Did you mean "orang"?')
    await expect(run('--dataset', 'tidak-ada', path)).rejects.toThrow(
      /^there is no dataset tidak-ada. The gateway has .*orang/,
    )
    await expect(run('--dataset', 'orang', '--platform', 'utra', path)).rejects.toThrow(
      'has no client for platform utra. Did you mean "utara"?',
    )
  })

  it.for([
    [
      'the gateway fails',
      500,
      '{"type":"/problems/internal","title":"Gagal","instance":"urn:titian:request:1"}',
      /^the gateway failed: Gagal; urn:titian:request:1$/,
    ],
    ['a proxy fails in words', 500, '<html>oops</html>', /^the gateway failed: The gateway failed \(500\)$/],
    ['something else answers', 200, '<html>welcome</html>', /^what answers at this address is no gateway$/],
    ['no token is given', 404, 'nothing here', /^utara-1 got no token: 404$/],
  ] as const)('says in one sentence that %s', { timeout: 30_000 }, async ([, status, body, sentence]) => {
    const server = createHttpServer((_request, response) => response.writeHead(status).end(body))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const path = await file('sepuluh.ndjson', '{"id":"j"}\n')
    const pushing = run(
      '--dataset',
      'orang',
      '--url',
      `http://127.0.0.1:${port}/`,
      '--client',
      'utara-1',
      '--secret-file',
      join(folder, 'secret'),
      path,
    )
    await expect(pushing).rejects.toSatisfy((error) => error instanceof TitianError && sentence.test(error.message))
    server.closeAllConnections()
    server.close()
  })

  it('says that an address is none', async () => {
    const path = await file('sebelas.ndjson', '{"id":"k"}\n')
    const pushing = run(
      '--dataset',
      'orang',
      '--url',
      'titian',
      '--client',
      'x',
      '--secret-file',
      join(folder, 'secret'),
      path,
    )
    await expect(pushing).rejects.toThrow('titian is no address')
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
