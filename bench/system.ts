import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { findCredentials } from '../src/cli/client/credentials.ts'
import { type Gateway, openGatewayClient } from '../src/cli/client/push.client.ts'
import { type Installation, startInstallation } from '../src/cli/run/installation.ts'
import { type Embedded, startEmbedded } from '../src/io/local/embedded.ts'
import { freePort } from '../src/io/local/port.ts'
import { families } from './families.ts'

/** A Titian of the bench's own, in a folder that is gone afterwards. */
export type Bench = AsyncDisposable & {
  data: string
  installation: Installation
  /** PostgreSQL as the owner of the tables. */
  ownerUrl: string
  /** A database of the server as one of its roles. */
  urlFor: Embedded['urlFor']
  /** The public API as a platform. */
  as(platform: string): Promise<Gateway>
}

type Started = { workers: number; queue: 'postgres' | 'redis'; settings?: Readonly<Record<string, string>> }

export async function startBench({ settings, ...options }: Started): Promise<Bench> {
  const stack = new AsyncDisposableStack()
  const data = await mkdtemp(join(tmpdir(), 'titian-bench-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  const ownerUrl = server.urlFor('titian_owner', 'titian')
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: server.urlFor('titian', 'titian'),
    DATABASE_OWNER_URL: ownerUrl,
    RECEIVER_DATABASE_URL: server.urlFor('receiver', 'receiver'),
    LOG_LEVEL: 'warn',
    ...settings,
  }
  const closing = new AbortController()
  const { signal } = closing
  const installation = stack.use(
    await startInstallation(
      { env, err: (line) => process.stderr.write(`${line}\n`), signal },
      { port: await freePort(), data, ...options },
    ),
  )
  return {
    data,
    installation,
    ownerUrl,
    urlFor: server.urlFor,
    async as(platform) {
      const gateway = openGatewayClient(await findCredentials({}, data, { platform }), signal)
      stack.defer(() => gateway.close())
      return gateway
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

type Drawn = { count?: number; bytes?: number; seed?: number; first?: number }

/** Writes drawn families to a file, so many or so many bytes of them; another seed, or another first number, gives other people. */
export async function writeFamilies(file: string, limits: Drawn): Promise<string> {
  await pipeline(Readable.from(lines(limits)), createWriteStream(file))
  return file
}

function* lines({ count = Number.POSITIVE_INFINITY, bytes = Number.POSITIVE_INFINITY, seed = 1, first = 0 }: Drawn) {
  let written = 0
  for (const family of families(count, seed, first)) {
    yield `${family}\n`
    written += family.length + 1
    if (written >= bytes) return
  }
}
