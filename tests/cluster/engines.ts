import { execFileSync } from 'node:child_process'
import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { makeRoles } from '../../src/io/postgres/roles.sql.ts'
import { openRedis } from '../../src/io/redis.ts'
import { until } from '../support/running.ts'
import type { Network } from './network.ts'

const DEPLOY = join(import.meta.dirname, '../../deploy')
/** What is installed from Debian's packages. */
export const PROGRAMS = ['ip', 'etcd', 'patroni', 'haproxy', 'pgbouncer', 'redis-server', 'setpriv'] as const
export const PASSWORDS = { postgres: 'p1', titian_owner: 'p2', titian: 'p3', receiver: 'p4', replicator: 'p5' }
const WITNESSES = ['etcd1', 'etcd2', 'etcd3'] as const
const SERVERS = ['pg1', 'pg2'] as const

/** A configuration of deploy/ with the hosts' addresses in place of their names. */
async function deployed(network: Network, path: string): Promise<string> {
  const text = await readFile(join(DEPLOY, path), 'utf8')
  return network
    .resolve(text)
    .replaceAll(/\$\{POSTGRES_PASSWORD\}/g, PASSWORDS.postgres)
    .replaceAll(/\$\{REPLICATION_PASSWORD\}/g, PASSWORDS.replicator)
}

/** etcd and a sentinel on each of three hosts. */
export async function startWitnesses(network: Network, folder: string): Promise<void> {
  const cluster = WITNESSES.map((name) => `${name}=http://${network.host(name).address}:2380`).join(',')
  for (const name of WITNESSES) {
    const host = network.host(name)
    const [clients, peers] = [`http://${host.address}:2379`, `http://${host.address}:2380`]
    const flags = {
      name,
      'data-dir': join(folder, name),
      'listen-client-urls': clients,
      'advertise-client-urls': clients,
      'listen-peer-urls': peers,
      'initial-advertise-peer-urls': peers,
      'initial-cluster': cluster,
      'enable-v2': 'true',
      'unsafe-no-fsync': 'true',
      'heartbeat-interval': '200',
      'election-timeout': '2000',
    }
    await host.keep(['etcd', ...Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`)])
    const conf = join(folder, `${name}-sentinel.conf`)
    const watched = (await deployed(network, 'redis/sentinel.conf')).replace(
      'redis1 ',
      `${network.host('redis1').address} `,
    )
    await writeFile(conf, `${watched}\nbind ${host.address}\nprotected-mode no\n`)
    await host.keep(['redis-server', conf, '--sentinel'])
  }
}

/** A master and a replica. */
export async function startRedisPair(network: Network, folder: string): Promise<void> {
  for (const name of ['redis1', 'redis2']) {
    const { address, keep } = network.host(name)
    const data = join(folder, name)
    await mkdir(data)
    const replica = name === 'redis2' ? `replicaof ${network.host('redis1').address} 6379\n` : ''
    const conf = join(data, 'redis.conf')
    const given = await deployed(network, 'redis/redis.conf')
    await writeFile(conf, `${given}\nport 6379\nbind ${address}\nprotected-mode no\ndir ${data}\n${replica}`)
    await keep(['redis-server', conf])
  }
  const redis = openRedis({ url: `redis://${network.host('redis1').address}` })
  await redis.quit().catch(() => undefined)
}

/** PostgreSQL under Patroni on two hosts, with roles and databases; settles when the standby is synchronous. */
export async function startPatroni(network: Network, folder: string): Promise<void> {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })))
  const given = await deployed(network, 'patroni/patroni.yml')
  for (const name of SERVERS) {
    const host = network.host(name)
    const home = join(folder, name)
    await mkdir(home)
    await chown(home, uid ?? 0, gid ?? 0)
    const conf = join(folder, `${name}.yml`)
    const mine = given
      .replace(/^name: .*/m, `name: ${name}`)
      .replace(/^( +(?:listen|connect_address)): [\d.]+:/gm, `$1: ${host.address}:`)
      .replace(/^( +data_dir): .*/m, `$1: ${home}/data`)
      .replace(
        /^postgresql:$/m,
        `postgresql:\n  parameters: { unix_socket_directories: ${home}, shared_buffers: 64MB }\n  pgpass: ${home}/pgpass`,
      )
    await writeFile(conf, mine)
    await chmod(conf, 0o644)
    await host.keep(
      ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '/usr/bin/python3', '/usr/bin/patroni', conf],
      {
        LC_ALL: 'C.UTF-8',
        HOME: home,
      },
    )
  }
  await until(() => primaryOf(network).then(Boolean), 120)
  await until(() => isSynchronous(network), 120)
  const primary = await primaryOf(network)
  const { address } = network.host(primary ?? '')
  await withClient(`postgres://postgres:${PASSWORDS.postgres}@${address}/postgres`, (db) => makeRoles(db, PASSWORDS))
  const role = await readFile(join(DEPLOY, 'postgres/role-behind-a-pooler.sql'), 'utf8')
  await withClient(`postgres://postgres:${PASSWORDS.postgres}@${address}/postgres`, (db) => db.query(role))
}

/** Which of the two is the primary now; undefined while none is. */
export async function primaryOf(network: Network): Promise<string | undefined> {
  for (const name of SERVERS) if (await answers(network, name, 'primary')) return name
  return undefined
}

/** Whether the other one is a synchronous standby. */
export async function isSynchronous(network: Network): Promise<boolean> {
  const found = await Promise.all(SERVERS.map((name) => answers(network, name, 'synchronous')))
  return found.includes(true)
}

async function answers(network: Network, name: string, path: string): Promise<boolean> {
  const url = `http://${network.host(name).address}:8008/${path}`
  return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    ({ status }) => status === 200,
    () => false,
  )
}

/** Which Redis the sentinels call the master, and whether it has a replica. One that comes back may believe for a while that it leads. */
export async function redisMaster(network: Network): Promise<{ name: string; hasReplica: boolean } | undefined> {
  for (const witness of WITNESSES) {
    const sentinel = openRedis({ url: `redis://${network.host(witness).address}:26379` })
    const named = await sentinel.call('SENTINEL', 'get-master-addr-by-name', 'titian').catch(() => undefined)
    sentinel.disconnect()
    const [address] = (named ?? []) as string[]
    const name = ['redis1', 'redis2'].find((one) => network.host(one).address === address)
    if (name === undefined) continue
    const redis = openRedis({ url: `redis://${address}` })
    const info = await redis.info('replication').catch(() => '')
    redis.disconnect()
    return { name, hasReplica: info.includes('role:master') && /slave0:.*state=online/.test(info) }
  }
  return undefined
}

/** HAProxy before the gateways, on two hosts. */
export async function startFronts(network: Network, folder: string): Promise<void> {
  const conf = join(folder, 'api.cfg')
  await writeFile(conf, await deployed(network, 'haproxy/api.cfg'))
  for (const name of ['front1', 'front2']) await network.host(name).keep(['haproxy', '-db', '-f', conf])
}

/** HAProxy and PgBouncer on a host of gateways or workers; 127.0.0.1:6432 there is the primary. Its files are its own: nobody reads one that is being written. */
export async function startWayToPostgres(network: Network, name: string, folder: string): Promise<void> {
  const conf = join(folder, `${name}-postgres.cfg`)
  await writeFile(conf, await deployed(network, 'haproxy/postgres.cfg'))
  const users = join(folder, `${name}-userlist.txt`)
  await writeFile(users, `"titian" "${PASSWORDS.titian}"\n`)
  await chmod(users, 0o644)
  const given = await deployed(network, 'pgbouncer/pgbouncer.ini')
  const ini = join(folder, `${name}-pgbouncer.ini`)
  await writeFile(ini, `${given.replace(/^auth_file = .*/m, `auth_file = ${users}`)}\nunix_socket_dir =\n`)
  await network.host(name).keep(['haproxy', '-db', '-f', conf])
  await network.host(name).keep(['pgbouncer', '-u', 'postgres', ini])
}
