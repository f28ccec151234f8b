import { join } from 'node:path'
import { postgresAccount } from '../../../src/io/local/account.ts'
import { makeCluster } from '../../../src/io/local/cluster.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { startGuarded } from '../../../src/io/local/supervised.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { makeRoles } from '../../../src/io/postgres/roles.sql.ts'
import { until } from '../running.ts'

const PASSWORDS = { postgres: 'p1', titian_owner: 'p2', titian: 'p3', receiver: 'p4' }

/** Starts a server of the programs of a folder, with our roles and databases, in `<folder>/cluster`. */
export async function startPostgres(programs: string, folder: string) {
  const account = await postgresAccount([folder, programs])
  const cluster = join(folder, 'cluster')
  await makeCluster(cluster, join(programs, 'initdb'), account, PASSWORDS.postgres)
  const port = await freePort()
  const flags = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'jit=off',
  ]
  const server = startGuarded({
    command: [...account.prefix, join(programs, 'postgres'), '-D', cluster, ...flags.flatMap((flag) => ['-c', flag])],
    signal: 'INT',
    logFile: join(folder, 'postgres.log'),
    ...(account.prefix.length > 0 ? {} : { uid: account.uid, gid: account.gid }),
  })
  const urlFor = (role: keyof typeof PASSWORDS, database: string) =>
    `postgres://${role}:${PASSWORDS[role]}@127.0.0.1:${port}/${database}`
  const admin = urlFor('postgres', 'postgres')
  try {
    await until(() => withClient(admin, () => Promise.resolve(true)).catch(() => false), 60)
    await withClient(admin, (db) => makeRoles(db, PASSWORDS))
  } catch (error) {
    await server.stop()
    throw error
  }
  return { urlFor, stop: () => server.stop(), [Symbol.asyncDispose]: async () => void (await server.stop()) }
}
