import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, readConfig } from '../../config.ts'
import { databaseOf, openRegistry } from '../../deps.ts'
import { TitianError } from '../../domain/error.ts'
import { serverPaths } from '../../io/local/cluster.ts'
import { startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { keepRunning, type Running } from '../../io/local/keep-running.ts'
import { freePort, isPortFree } from '../../io/local/port.ts'
import { requireRedisServer, startRedis } from '../../io/local/redis-server.ts'
import { migrate } from '../../io/postgres/migrate.ts'
import { openPool } from '../../io/postgres/postgres.ts'
import { systemReason } from '../../io/system-error.ts'
import { makeReceiptKey, receiverJwksFile, receiverKeyFile } from '../../receiver/signing-key.file.ts'
import { keyRingFile, keySettingsOf, loadKeyRing, writeNewKeyRing } from '../../trust/keys/keyring.file.ts'
import { createKeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { checkHealth } from '../client/health.client.ts'
import type { CliContext } from '../context.ts'
import { type Child, startChild } from './child.ts'
import { type LocalInstallation, makeClients } from './demo-clients.ts'
import { makeFirstPerson } from './first-person.ts'
import { portTaken } from './listen.ts'
import { metricsPorts } from './metrics-ports.ts'

// How many chunks the worker of the short lane works at a time.
const SHORT_CHUNKS = '4'

export type InstallationOptions = { port: number; data: string; workers: number; queue: 'postgres' | 'redis' }

/** A whole Titian on this machine: servers, gateway, workers and the stand-in for BPS; disposing of it ends them all. */
export type Installation = AsyncDisposable &
  LocalInstallation & {
    console: string
    processes: Record<string, number | undefined>
    metrics: Record<string, string>
  }

/**
 * Starts everything that is not named by the environment, waits until it answers, and keeps it running. Throws one sentence
 * about a data folder that cannot be written.
 */
export async function startInstallation(
  context: Pick<CliContext, 'env' | 'err' | 'signal'>,
  options: InstallationOptions,
): Promise<Installation> {
  try {
    return await startAll(context, options)
  } catch (cause) {
    const reason = systemReason(cause)
    if (reason === undefined) throw cause
    const path = (cause as NodeJS.ErrnoException).path ?? options.data
    throw new TitianError('config-invalid', `the data folder ${options.data} cannot be written: ${path}: ${reason}`, {
      cause,
    })
  }
}

async function startAll(
  { env, err, signal }: Pick<CliContext, 'env' | 'err' | 'signal'>,
  { port, data, workers, queue }: InstallationOptions,
): Promise<Installation> {
  if (env.TLS_CERT_FILE)
    throw new TitianError(
      'config-invalid',
      'titian up speaks http on this machine alone: TLS_CERT_FILE is for titian serve',
    )
  await using stack = new AsyncDisposableStack()
  stack.use(await lockFolder(data))
  if (!(await isPortFree(port))) throw new TitianError('port-taken', portTaken(port))
  if (queue === 'redis' && !namesRedis(env)) await requireRedisServer()
  const keep = async <T extends Running>(name: string, start: (attempt: number) => Promise<T>, stack: Stack) => {
    const kept = await keepRunning(start, (message) => err(`${name}: ${message}`), signal)
    stack.defer(() => kept.stop())
    return kept.first
  }

  if (!env.DATABASE_URL) err(`starting PostgreSQL in ${data}${(await isMade(data)) ? '' : ' (made now, this once)'} …`)
  const databases = await openDatabases(env, data, (start) => keep('postgres', start, stack))
  const redisUrl = await openRedisServer(env, data, queue, (start) => keep('redis', start, stack))
  const applied = await migrate(databases.owner, new URL(databases.app).username)
  if (applied.length > 0) err(`brought the database to this version: ${applied.length} migrations`)
  await makeKeys(env, data)
  const receipts = await makeReceiptKeys(env, data)

  const url = `http://127.0.0.1:${port}`
  const receiverPort = await portOfReceiver(env, port)
  const services = {
    ...env,
    TITIAN_DATA: data,
    DATABASE_URL: databases.app,
    DATABASE_OWNER_URL: undefined,
    REDIS_URL: redisUrl,
    PORT: String(port),
    KEYS_FILE: env.KEYS ? undefined : (env.KEYS_FILE ?? keyRingFile(data)),
    DOCS_PUBLIC: env.DOCS_PUBLIC ?? 'true',
    RECEIVER_URL: env.RECEIVER_URL ?? `http://127.0.0.1:${receiverPort}`,
    ...receipts.gateway,
  }
  const config = readConfig(services)
  const names = Array.from({ length: workers }, (_, index) => `worker-${index + 1}`)
  // Beside a flood a small batch waits for its own work only: no long chunk holds up the process that takes it. One chunk there that
  // burns its time until it is held leaves room for those of other platforms.
  const hasShort = workers > 1
  const shortNames = hasShort ? ['worker-short'] : []
  const metrics = await metricsPorts(env, data, [
    'gateway',
    ...names,
    ...shortNames,
    ...(env.RECEIVER_URL ? [] : ['receiver']),
  ])
  const local = await noteClients(config, data, { url, receiver: services.RECEIVER_URL })
  const receiving = {
    ...without(services, ['DATABASE_URL', 'DATABASE_SESSION_URL', ...KEYS, ...REDIS]),
    RECEIVER_PORT: String(receiverPort),
    RECEIVER_DATABASE_URL: databases.receiver,
    RECEIVER_KEYS_URL: `${url}/.well-known/jwks.json`,
    RECEIVER_TOKEN: local.receiver.token,
    ...receipts.receiver,
  }

  const children: (() => Promise<void>)[] = []
  stack.defer(() => Promise.all(children.map((stop) => stop())).then(() => undefined))
  const child = (name: string, command: string, settings: typeof env) =>
    keep<Child>(
      name,
      // A crash that a test ordered happens once, not after every restart.
      (attempt) =>
        startChild(
          command,
          { ...(attempt === 0 ? settings : without(settings, ['CRASH_AT'])), METRICS_PORT: String(metrics[name]) },
          join(data, 'log', `${name}.log`),
        ),
      { defer: (stop) => children.push(stop) },
    )
  err(
    `starting gateway, ${env.RECEIVER_URL ? '' : 'stand-in for BPS, '}${workers} ${workers === 1 ? 'worker' : 'workers'} …`,
  )
  const starts = [
    child('gateway', 'serve', services),
    env.RECEIVER_URL ? undefined : child('receiver', 'receiver', receiving),
    ...names.map((name) => child(name, 'work', { ...services, ...(hasShort && { LANES: 'usual' }) })),
    ...shortNames.map((name) => child(name, 'work', { CONCURRENCY: SHORT_CHUNKS, ...services, LANES: 'short' })),
  ] as const
  // Where one fails the others are waited for: what still starts could not be ended, and would hold the port for another moment.
  await Promise.allSettled(starts)
  const [gateway, receiver, ...working] = await Promise.all(starts)
  await checkHealth(`${url}/readyz`)
  if (receiver) await checkHealth(`${services.RECEIVER_URL}/health`)

  const kept = stack.move()
  const pids = [gateway, ...(receiver ? [receiver] : []), ...working].map((one) => one?.pid)
  const titles = ['gateway', ...(receiver ? ['receiver'] : []), ...names, ...shortNames]
  return {
    ...local,
    console: config.CONSOLE_PORT === undefined ? url : `http://127.0.0.1:${config.CONSOLE_PORT}`,
    processes: Object.fromEntries(titles.map((title, index) => [title, pids[index]])),
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, at]) => [name, `http://127.0.0.1:${at}/metrics`])),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** RECEIVER_PORT where it is named, else the one after the gateway's, else any that is free. */
async function portOfReceiver({ RECEIVER_PORT, RECEIVER_URL }: CliContext['env'], port: number): Promise<number> {
  const named = readConfig({ RECEIVER_PORT }).RECEIVER_PORT
  if (!RECEIVER_PORT || named === 0 || RECEIVER_URL)
    return (await isPortFree(port + 1)) && port < 65535 ? port + 1 : freePort()
  if (!(await isPortFree(named)))
    throw new TitianError('port-taken', `port ${named} of the stand-in is taken: choose another by RECEIVER_PORT`)
  return named
}

/** Settings of the key ring, which the stand-in is not given. */
const KEYS = ['KEYS', 'KEYS_FILE', 'KEYS_PKCS11_MODULE', 'KEYS_PKCS11_PIN_FILE'] as const
const REDIS = ['REDIS_URL', 'REDIS_SENTINELS', 'REDIS_CLUSTER', 'REDIS_SENTINEL_PASSWORD']

type Stack = { defer(stop: () => Promise<void>): void }
type Keep = <T extends Running>(start: (attempt: number) => Promise<T>) => Promise<T>

async function openDatabases(env: CliContext['env'], data: string, keep: Keep) {
  if (env.DATABASE_URL) {
    const receiver = env.RECEIVER_DATABASE_URL
    if (!receiver && !env.RECEIVER_URL) {
      throw new TitianError('config-invalid', 'DATABASE_URL is set: name RECEIVER_DATABASE_URL too, or RECEIVER_URL')
    }
    return { app: env.DATABASE_URL, owner: env.DATABASE_OWNER_URL ?? env.DATABASE_URL, receiver }
  }
  const server = await keep(() => startEmbedded(data, { archive: env.WAL_ARCHIVE }))
  return {
    app: server.urlFor('titian', 'titian'),
    owner: server.urlFor('titian_owner', 'titian'),
    receiver: server.urlFor('receiver', 'receiver'),
  }
}

const namesRedis = (env: CliContext['env']) => Boolean(env.REDIS_URL || env.REDIS_SENTINELS || env.REDIS_CLUSTER)

async function isMade(data: string): Promise<boolean> {
  return (await stat(serverPaths(data).cluster).catch(() => undefined)) !== undefined
}

async function openRedisServer(env: CliContext['env'], data: string, queue: string, keep: Keep) {
  if (namesRedis(env) || queue === 'postgres') return env.REDIS_URL
  const port = await freePort()
  return (await keep(() => startRedis(data, port))).url
}

async function makeKeys(env: CliContext['env'], data: string): Promise<void> {
  if (env.KEYS || env.KEYS_FILE) return
  await writeNewKeyRing(keyRingFile(data), createKeyRing(new Date())).catch((error: unknown) => {
    // A ring from an earlier start is the one to use.
    if (!(error instanceof TitianError && error.code === 'key-ring-invalid')) throw error
  })
}

/** Where nothing else is named, the stand-in signs its receipts, and only what it signed counts. */
async function makeReceiptKeys(env: CliContext['env'], data: string) {
  if (env.RECEIVER_URL || env.RECEIPT_KEYS_FILE || env.RECEIVER_KEY_FILE) return { gateway: {}, receiver: {} }
  const [key, jwks] = [receiverKeyFile(data), receiverJwksFile(data)]
  await makeReceiptKey(key, jwks)
  const isPulled = env.FORWARD === 'pull'
  return {
    gateway: { RECEIPT_KEYS_FILE: jwks, RECEIPTS: env.RECEIPTS ?? (isPulled ? 'any' : 'signed') },
    receiver: { RECEIVER_KEY_FILE: key },
  }
}

async function noteClients(config: Config, data: string, addresses: { url: string; receiver: string }) {
  const vault = openVault(await loadKeyRing(keySettingsOf(config), data))
  const { platforms } = await openRegistry(config, vault)
  const db = openPool(databaseOf(config), 1)
  try {
    const person = await makeFirstPerson({ db, vault }, data)
    return await makeClients({ db, vault }, data, person, [...platforms.keys()], addresses)
  } finally {
    await db.end()
  }
}

function without(env: CliContext['env'], names: readonly string[]): CliContext['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)))
}
