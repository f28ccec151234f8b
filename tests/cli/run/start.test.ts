import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runTitian } from '../../support/titian.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const START = join(ROOT, 'src', 'start.js')

type Ended = { code: number; stderr: string }

function node(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { PATH: process.env.PATH } }, (error, _stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stderr }),
    )
  })
}

describe('what npm starts', () => {
  it.each(['18.20.4', '20.20.2', '24.1.0'])('says in one sentence what is missing on Node %s', async (version) => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'${version}'}})`
    const { code, stderr } = await node('--import', old, START, 'up')
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^titian: this is Node .*npm install --include=dev.*\n$/)])
    expect(stderr).toContain(version)
  })

  it('says in one sentence that packages are not installed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titian-start-'))
    await copyFile(START, join(folder, 'start.mjs'))
    await writeFile(join(folder, 'main.ts'), "import 'commander'\n")
    const { code, stderr } = await node(join(folder, 'start.mjs'))
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^titian: the package commander is not installed: .*\n$/)])
    await rm(folder, { recursive: true })
  })

  it('runs the commands', async () => {
    expect(await node(START, '--version')).toEqual({ code: 0, stderr: '' })
  })
})

describe('a database that breaks off', () => {
  it('is named by what the driver says, where that has no code', async () => {
    const server = createServer((socket) => void socket.end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const run = runTitian(['migrate'], { DATABASE_URL: `postgres://titian@127.0.0.1:${port}/titian` })
    expect([await run.ended, run.stderr()]).toEqual([
      1,
      expect.stringMatching(/^titian: The service is not available now \(Connection terminated unexpectedly\)\n$/),
    ])
    server.close()
  })
})

describe('titian push', () => {
  it('says in one sentence that a file is not there, or is a folder', async () => {
    const data = await mkdtemp(join(tmpdir(), 'titian-push-'))
    const clients = [{ id: 'c', secret: 's', platform: 'carik-jakarta', role: 'platform' }]
    await writeFile(join(data, 'clients.json'), JSON.stringify({ url: 'http://127.0.0.1:9', clients }))
    const push = (file: string) => {
      const run = runTitian(['push', file, '--platform', 'carik-jakarta', '--dataset', 'carik', '--data', data])
      return run.ended.then((code) => [code, run.stderr()])
    }
    expect(await push('/nowhere/nope.ndjson')).toEqual([
      1,
      'titian: /nowhere/nope.ndjson cannot be read: it does not exist\n',
    ])
    await rm(data, { recursive: true })
  })
})

describe('the lock file', () => {
  it('holds the optional packages of every platform, so that npm ci installs', async () => {
    const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { optionalDependencies?: Record<string, string> }>
    }
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isFound(lock.packages, path, name)),
    )
    expect(missing).toEqual([])
    expect(lock.packages['node_modules/@biomejs/cli-darwin-arm64']).toBeDefined()
  })

  it('is installed without a page of engine warnings', async () => {
    expect(await readFile(join(ROOT, '.npmrc'), 'utf8')).toMatch(/^loglevel=error$/m)
  })
})

/** A package is found beside the one that wants it, or in any folder of packages above. */
function isFound(packages: object, path: string, name: string): boolean {
  const parts = path.split('node_modules/')
  return parts.some((_, index) => {
    const above = parts
      .slice(0, parts.length - index)
      .join('node_modules/')
      .replace(/\/?$/, path === '' ? '' : '/')
    return Object.hasOwn(packages, `${above === '/' ? '' : above}node_modules/${name}`)
  })
}
