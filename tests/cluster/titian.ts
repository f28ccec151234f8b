import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startChild } from '../../src/cli/run/child.ts'
import { freePort } from '../../src/io/local/port.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { makeReceiptKey } from '../../src/receiver/signing-key.file.ts'
import { registerClient } from '../../src/trust/access/client.sql.ts'
import { scopesOf } from '../../src/trust/access/scopes.ts'
import { writeNewKeyRing } from '../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { emptyDatabase } from '../support/database.ts'
import { until } from '../support/running.ts'
import { PASSWORDS, primaryOf, startWayToPostgres } from './engines.ts'
import type { Network } from './network.ts'

export const GATEWAYS = ['gateway1', 'gateway2'] as const
export const WORKERS = ['worker1', 'worker2', 'worker3'] as const
const LEASE_SECONDS = 3
const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** Migrates, and starts gateways and workers on their hosts, and the stand-in for BPS outside of them. */
export async function startTitian(network: Network, folder: string) {
  const stack = new AsyncDisposableStack()
  const { address } = network.host((await primaryOf(network)) ?? '')
  const direct = (role: keyof typeof PASSWORDS) => `postgres://${role}:${PASSWORDS[role]}@${address}/titian`
  await migrate(direct('titian_owner'), 'titian')
  const ring = createKeyRing(new Date())
  const keys = join(folder, 'keys.json')
  await writeNewKeyRing(keys, ring)
  const secrets = await makeClients(direct('titian'), ring)

  const receiverDb = stack.use(await emptyDatabase())
  const port = await freePort()
  const token = 'token-of-the-cluster'
  const [key, jwks] = [join(folder, 'receiver-key.json'), join(folder, 'receiver-jwks.json')]
  await makeReceiptKey(key, jwks)
  const url = `http://${network.outside}:${port}`
  const front = `http://${network.host('front1').address}:8080`
  const receiver = await startChild(
    'receiver',
    {
      PATH: process.env.PATH,
      TITIAN_DATA: folder,
      RECEIVER_HOST: network.outside,
      RECEIVER_PORT: String(port),
      RECEIVER_URL: url,
      RECEIVER_DATABASE_URL: receiverDb.url,
      RECEIVER_KEYS_URL: `${front}/.well-known/jwks.json`,
      RECEIVER_TOKEN: token,
      RECEIVER_KEY_FILE: key,
    },
    join(folder, 'receiver.log'),
  )
  stack.defer(() => receiver.stop())

  const sentinels = ['etcd1', 'etcd2', 'etcd3'].map((name) => `${network.host(name).address}:26379`).join(',')
  const shared = {
    DATABASE_URL: `postgres://titian:${PASSWORDS.titian}@127.0.0.1:6432/titian`,
    DATABASE_CONNECTIONS: '8',
    // The hosts of the test are one machine.
    CLEAR_TEXT: 'listener,postgres,redis,receiver',
    REDIS_SENTINELS: sentinels,
    KEYS_FILE: keys,
    PUBLIC_URL: 'http://titian.test',
    RECEIVER_URL: url,
    RECEIVER_SECONDS: '5',
    RECEIPT_KEYS_FILE: jwks,
    RECEIPTS: 'signed',
    LEASE_SECONDS: String(LEASE_SECONDS),
    DISPATCH_SECONDS: '3',
    CHUNK_RECORDS: '4',
  }
  for (const name of [...GATEWAYS, ...WORKERS]) {
    const host = network.host(name)
    await startWayToPostgres(network, name, folder)
    const command = name.startsWith('gateway') ? 'serve' : 'work'
    await host.keep([process.execPath, MAIN, command], {
      ...shared,
      TITIAN_DATA: join(folder, name),
      HOST: host.address,
      LOG_FILE: join(folder, `${name}.log`),
    })
  }
  const isReady = async (name: string) =>
    (await fetch(`http://${network.host(name).address}:8080/readyz`).catch(() => undefined))?.ok === true
  for (const name of GATEWAYS) await until(() => isReady(name), 180)
  for (const name of WORKERS) await until(async () => (await starts(folder, name)) > 0, 180)
  return {
    receiver: { url, token },
    isReady,
    starts: (name: string) => starts(folder, name),
    credentials: (who: string, at: string) => ({
      url: `http://${network.host(at).address}:8080`,
      client: who,
      secret: secrets.get(who) ?? '',
    }),
    /** How many chunks each worker has worked, by its own log. */
    async chunksByWorker(): Promise<Record<string, number>> {
      const counts = WORKERS.map(async (name) => {
        const log = await readFile(join(folder, `${name}.log`), 'utf8')
        return [name, log.split('\n').filter((line) => line.includes('"answer":"done"')).length] as const
      })
      return Object.fromEntries(await Promise.all(counts))
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

async function makeClients(url: string, ring: ReturnType<typeof createKeyRing>) {
  const pool = openPool(url, 1)
  const secrets = new Map<string, string>()
  const wanted = [
    { id: 'carik-jakarta', platform: 'carik-jakarta', scopes: scopesOf('platform') },
    { id: 'ops', platform: null, scopes: ['ops'] as const },
  ]
  for (const client of wanted) {
    const made = await registerClient(pool, openVault(ring), client)
    if (made !== undefined) secrets.set(made.id, made.secret)
  }
  await pool.end()
  return secrets
}

/** How often a worker has said that it is ready; its output is that of the third program of its host. */
async function starts(folder: string, name: string): Promise<number> {
  return (await readFile(join(folder, `${name}-2.log`), 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line === 'ready').length
}
