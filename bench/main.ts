// npm run bench: the whole way, an unchanged push, and the floor, in one run on one machine.
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs, promisify } from 'node:util'
import { findCredentials } from '../src/cli/credentials.ts'
import { type Installation, startInstallation } from '../src/cli/installation.ts'
import { filePayload } from '../src/cli/payload.ts'
import { openGateway } from '../src/cli/push.client.ts'
import { startEmbedded } from '../src/io/embedded.ts'
import { freePort } from '../src/io/port.ts'
import { families } from './families.ts'
import { peakMb } from './memory.ts'

const { values: options } = parseArgs({
  options: {
    families: { type: 'string', default: '20000' },
    workers: { type: 'string', default: '2' },
    queue: { type: 'string', default: 'postgres' },
    json: { type: 'string' },
    /** Instead: upload a body of so many megabytes and tell the gateway's peak memory. */
    body: { type: 'string' },
  },
})

await using stack = new AsyncDisposableStack()
const data = await mkdtemp(join(tmpdir(), 'titian-bench-'))
stack.defer(() => rm(data, { recursive: true, force: true }))
const server = await startEmbedded(data)
stack.defer(() => server.stop())
const env = {
  PATH: process.env.PATH,
  DATABASE_URL: server.urlFor('titian', 'titian'),
  DATABASE_OWNER_URL: server.urlFor('titian_owner', 'titian'),
  RECEIVER_DATABASE_URL: server.urlFor('receiver', 'receiver'),
  LOG_LEVEL: 'warn',
  ...(process.env.NODE_OPTIONS && { NODE_OPTIONS: process.env.NODE_OPTIONS }),
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
}
const closing = new AbortController()
const installation = stack.use(
  await startInstallation(
    { env, err: (line) => process.stderr.write(`${line}\n`), signal: closing.signal },
    { port: await freePort(), data, workers: Number(options.workers), queue: options.queue as 'postgres' | 'redis' },
  ),
)
const gateway = openGateway(await findCredentials({}, data, { platform: 'carik-jakarta' }), closing.signal)
stack.defer(() => gateway.close())
if (options.body === undefined) await measureSpeed(Number(options.families))
else await measureBody(Number(options.body))

async function measureSpeed(count: number): Promise<void> {
  const file = join(data, 'families.ndjson')
  await pipeline(Readable.from(lines(count)), createWriteStream(file))
  const floors = [await floor(file)]
  const fresh = await push(file, 'fresh', count)
  const again = await push(file, 'again', count)
  floors.push(await floor(file), await floor(file))
  const floorPerSecond = floors.sort((a, b) => a - b)[1] ?? 0
  const result = {
    records: count,
    outcomes: { fresh: fresh.counts, again: again.counts },
    e2e_per_s: Math.round(fresh.perSecond),
    unchanged_per_s: Math.round(again.perSecond),
    floor_per_s: Math.round(floorPerSecond),
    ratio: Number((fresh.perSecond / floorPerSecond).toFixed(3)),
    unchanged_ratio: Number((again.perSecond / floorPerSecond).toFixed(3)),
    peak_rss_mb: peaks(installation),
  }
  console.table({
    'whole way (families/s)': result.e2e_per_s,
    'unchanged push (families/s)': result.unchanged_per_s,
    'floor (families/s)': result.floor_per_s,
    'whole way / floor': result.ratio,
    'unchanged / floor': result.unchanged_ratio,
    'gateway peak (MB)': result.peak_rss_mb.gateway,
    'worker peak (MB)': result.peak_rss_mb.worker,
  })
  if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
}

/** One batch from its first byte to the receiver's last receipt. */
async function push(file: string, key: string, count: number) {
  const payload = await filePayload(file)
  const started = performance.now()
  const { batch } = await gateway.push('carik', key, payload)
  const { counts } = await gateway.settled(batch.id)
  return { perSecond: (count * 1000) / (performance.now() - started), counts }
}

async function floor(file: string): Promise<number> {
  const script = join(import.meta.dirname, 'floor.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, env.DATABASE_OWNER_URL, file])
  return Number(stdout)
}

async function measureBody(megabytes: number): Promise<void> {
  const file = join(data, 'body.ndjson')
  await pipeline(Readable.from(lines(Number.POSITIVE_INFINITY, megabytes * 1024 ** 2)), createWriteStream(file))
  const payload = await filePayload(file)
  const started = performance.now()
  await gateway.push('carik', 'body', payload)
  const result = {
    body_mb: Math.round(payload.bytes / 1024 ** 2),
    seconds: Math.round((performance.now() - started) / 1000),
    peak_rss_mb: peaks(installation),
  }
  console.table(result)
  if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
}

function* lines(count: number, bytes = Number.POSITIVE_INFINITY): Generator<string> {
  let written = 0
  for (const family of families(count)) {
    yield `${family}\n`
    written += family.length + 1
    if (written >= bytes) return
  }
}

function peaks({ processes }: Installation): { gateway: number; worker: number } {
  const workers = Object.entries(processes).filter(([name]) => name.startsWith('worker'))
  return { gateway: peakMb(processes.gateway), worker: Math.max(...workers.map(([, pid]) => peakMb(pid))) }
}
