import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { type System, startSystem } from '../support/system.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MUST_RUN = process.env.TITIAN_NO_SKIP === '1'

let system: System
let folder: string
beforeAll(async () => {
  system = await startSystem()
  await Promise.all([system.start('serve'), system.start('receiver'), system.start('work')])
  folder = await mkdtemp(join(tmpdir(), 'titian-clients-'))
  await writeFile(join(folder, 'secret'), `${system.secret('jembrana')}\n`)
  await writeFile(join(folder, 'wrong'), 'titian_wrong\n')
}, 300_000)
afterAll(async () => {
  await system[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Runs an example with what it is given, and answers how it ended and what it said. */
async function run(command: readonly string[], ...args: string[]) {
  const [program = '', ...before] = command
  const child = spawn(program, [...before, ...args], { env: { PATH: process.env.PATH, LANG: 'C.UTF-8' } })
  const said = { out: '', err: '' }
  child.stdout.on('data', (piece) => {
    said.out += piece.toString()
  })
  child.stderr.on('data', (piece) => {
    said.err += piece.toString()
  })
  const [code] = await once(child, 'close')
  return { code, ...said }
}

/** A file of rows of a region's sample; so many of them in a village of another province. */
async function fileOf(name: string, from: number, rows: number, broken: number): Promise<string> {
  const [title = '', ...lines] = (await readFile(join(ROOT, 'tests/samples/jembrana/jembrana.csv'), 'utf8')).split('\n')
  const chosen = lines
    .slice(from, from + rows)
    .map((line, at) => (at < broken ? line.replace(/"5101\d{6}"/, '"3510010001"') : line))
  const path = join(folder, name)
  await writeFile(path, `${[title, ...chosen].join('\n')}\n`)
  return path
}

describe.each([
  ['PHP', ['php', 'clients/php/push.php'], 0],
  ['Python', ['python3', 'clients/python/push.py'], 100],
] as const)('the example in %s', (language, command, from) => {
  const [program] = command
  const isThere = MUST_RUN || spawnSync(program, ['--version']).status === 0
  const runs = it.skipIf(!isThere)
  const push = (file: string, secret = 'secret') =>
    run([program, join(ROOT, command[1])], system.url, 'jembrana', join(folder, secret), 'jembrana', file)

  runs(
    `pushes a file, waits, and prints the verdict, once for the same file (${program} is needed)`,
    async () => {
      const file = await fileOf(`${language}.csv`, from, 20, 2)
      const first = await push(file)
      expect(first).toMatchObject({ code: 1, err: '', out: expect.stringMatching(/^bat_\w+: .+\n- .+ \(2\)\. .+\n/) })
      expect(await push(file)).toEqual(first)
      const gateway = system.as('jembrana')
      const id = first.out.split(':')[0]
      const { counts } = await gateway.get<BatchView>(`/v1/batches/${id}`)
      expect([counts.received, counts.rejected]).toEqual([20, 2])
      await gateway.close()
      const good = await fileOf(`${language}-baik.csv`, from + 20, 10, 0)
      expect(await push(good)).toMatchObject({ code: 0, err: '' })
    },
    120_000,
  )

  runs(
    `says in one line what is refused (${program} is needed)`,
    async () => {
      const file = join(folder, `${language}-salah.csv`)
      await writeFile(file, 'salah\n1\n')
      expect(await push(file)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/^422 Baris judul CSV.*\n$/),
      })
      expect(await push(file, 'wrong')).toMatchObject({ code: 2, out: '', err: expect.stringMatching(/^401 .*\n$/) })
    },
    60_000,
  )
})
