import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { type Child, startChild } from '../../src/cli/run/child.ts'
import { freePort } from '../../src/io/local/port.ts'
import { startRedis } from '../../src/io/local/redis-server.ts'
import { makeReceiptKey } from '../../src/receiver/signing-key.file.ts'
import { registerClient } from '../../src/trust/access/client.sql.ts'
import { scopesOf } from '../../src/trust/access/scopes.ts'
import { writeNewKeyRing } from '../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { emptyDatabase, freshDatabase } from './database.ts'
import { accountOf, signedIn } from './fixtures/people.ts'

/** A Redis that a test may hurt. */
type RedisUnderTest = {
  url: string
  /** Sends one inline command and gives the answer's text. */
  command(line: string): Promise<string>
  /** Kills it as a power cut would and starts it again on the same port, with what its file still holds. */
  crash(): Promise<void>
}
type Part = 'serve' | 'work' | 'receiver'
export type System = AsyncDisposable & {
  url: string
  /** Name of the gateway's database. */
  database: string
  /** The key ring file of all processes. */
  keys: string
  receiver: { url: string; token: string; databaseUrl: string }
  redis: RedisUnderTest | undefined
  /** The public API as a platform, BPS or the ops team sees it. */
  as(
    who: 'carik-jakarta' | 'jembrana' | 'bps' | 'bps-hasil' | 'ops' | 'wali-1' | 'wali-2',
  ): ReturnType<typeof openGatewayClient>
  secret(who: string): string
  /** A person of ops and steward who has signed in at the console. */
  person: { id: string; cookie: string }
  /** Starts one more process of a part; settings are added to the environment. */
  start(part: Part, settings?: Record<string, string>): Promise<Child>
  /** Kills a process as a power cut would, and waits until it is gone. */
  kill(child: Child): Promise<void>
}

/** Short leases and small chunks, so that recovery is seen within seconds and every batch has many chunks. */
const SETTINGS = {
  LEASE_SECONDS: '2',
  DISPATCH_SECONDS: '2',
  CHUNK_RECORDS: '25',
  LOG_LEVEL: 'info',
  UPLOAD_STALE_MINUTES: '1',
}

/** A whole Titian of real processes on databases of a test's own: gateway and stand-in run, workers are started by the test. */
export async function startSystem(
  options: { redis?: boolean; settings?: Record<string, string> } = {},
): Promise<System> {
  const stack = new AsyncDisposableStack()
  const db = stack.use(await freshDatabase())
  const receiverDb = stack.use(await emptyDatabase())
  const data = await mkdtemp(join(tmpdir(), 'titian-system-'))
  stack.defer(() => rm(data, { recursive: true, force: true }))
  const redis = options.redis ? await redisUnderTest(data, stack) : undefined
  const ring = createKeyRing(new Date())
  const keys = join(data, 'keyring.json')
  await writeNewKeyRing(keys, ring)
  const [receiptKey, receiptJwks] = [join(data, 'receiver-key.json'), join(data, 'receiver-jwks.json')]
  await makeReceiptKey(receiptKey, receiptJwks)
  const vault = openVault(ring)
  const secrets = await makeClients(db.pool, vault)
  const [port, receiverPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const person = await signedIn({ db: db.pool, vault, publicUrl: url }, ['ops', 'steward'])
  const receiver = {
    url: `http://127.0.0.1:${receiverPort}`,
    token: randomBytes(16).toString('hex'),
    databaseUrl: receiverDb.url,
  }
  const env = {
    PATH: process.env.PATH,
    // Copies of one template have one epoch: what another test's processes noted there would say that this database is an older copy.
    TITIAN_DATA: data,
    ...SETTINGS,
    DATABASE_URL: db.url,
    DATABASE_CONNECTIONS: '6',
    KEYS_FILE: keys,
    PORT: String(port),
    RECEIVER_URL: receiver.url,
    RECEIVER_PORT: String(receiverPort),
    RECEIVER_DATABASE_URL: receiver.databaseUrl,
    RECEIVER_KEYS_URL: `${url}/.well-known/jwks.json`,
    RECEIVER_TOKEN: receiver.token,
    RECEIVER_MISBEHAVE: 'true',
    RECEIVER_KEY_FILE: receiptKey,
    RECEIPT_KEYS_FILE: receiptJwks,
    RECEIPTS: options.settings?.FORWARD === 'pull' ? 'any' : 'signed',
    ...(redis && { REDIS_URL: redis.url }),
    ...options.settings,
  }
  const children = new Set<Child>()
  stack.defer(async () => {
    await Promise.all([...children].map((child) => child.stop()))
  })
  const start = async (part: Part, settings: Record<string, string> = {}) => {
    const child = await startChild(part, { ...env, ...settings }, join(data, `${part}.log`))
    children.add(child)
    void child.ended.then(() => children.delete(child))
    return child
  }
  const closing = new AbortController()
  stack.defer(() => closing.abort())
  const secret = (who: string) => secrets.get(who) ?? ''
  return {
    url,
    database: new URL(db.url).pathname.slice(1),
    keys,
    receiver,
    redis,
    secret,
    person,
    as: (who) => openGatewayClient({ url, client: who, secret: secret(who) }, closing.signal),
    start,
    async kill(child) {
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      await child.ended
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function makeClients(pool: Parameters<typeof registerClient>[0], vault: ReturnType<typeof openVault>) {
  const wanted = [
    { id: 'carik-jakarta', platform: 'carik-jakarta', scopes: scopesOf('platform') },
    { id: 'jembrana', platform: 'jembrana', scopes: scopesOf('platform') },
    { id: 'bps', platform: null, scopes: ['deliveries:read', 'deliveries:ack'] as const },
    { id: 'bps-hasil', platform: null, scopes: ['results:write'] as const },
    { id: 'ops', platform: null, scopes: ['ops'] as const },
    { id: 'wali-1', platform: null, scopes: ['steward'] as const },
    { id: 'wali-2', platform: null, scopes: ['steward'] as const },
  ]
  const secrets = new Map<string, string>()
  for (const client of wanted) {
    // Who decides is a person.
    const of = client.id.startsWith('wali') && { person: await accountOf({ db: pool, vault }, ['steward'], client.id) }
    const made = await registerClient(pool, vault, { ...client, ...of })
    if (made !== undefined) secrets.set(made.id, made.secret)
  }
  return secrets
}

async function redisUnderTest(data: string, stack: AsyncDisposableStack): Promise<RedisUnderTest> {
  const port = await freePort()
  let server = await startRedis(data, port)
  stack.defer(() => server.stop())
  const command = (line: string) => inlineCommand(port, line)
  return {
    url: server.url,
    command,
    async crash() {
      const pid = /process_id:(\d+)/.exec(await command('INFO server'))?.[1]
      process.kill(Number(pid), 'SIGKILL')
      await server.ended
      server = await startRedis(data, port)
    },
  }
}

function inlineCommand(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write(`${line}\r\nQUIT\r\n`))
    let answer = ''
    socket.on('data', (piece) => {
      answer += piece.toString()
    })
    socket.once('end', () => resolve(answer))
    socket.once('error', reject)
  })
}
