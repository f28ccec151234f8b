import type pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { WALL_ROLE } from '../../src/io/postgres/wall.sql.ts'
import { dropEverywhere } from '../support/database.ts'
import startServer, { TEMPLATE } from '../support/server.ts'

/** A server of the cluster: its address without the database's name, for the superuser of CITUS_URL. */
type Node = { admin: string; host: string; port: number }

/**
 * Lets all tests of a run work on the cluster whose coordinator CITUS_URL names: every database of theirs is a copy of one with
 * distributed tables, made on each server. Without CITUS_URL the run has a plain server, on which only plain tests run.
 */
export default async function startCluster(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.CITUS_URL
  if (url === undefined || url === '') return startServer(project)
  const [coordinator, workers] = await nodesOf(url)
  const nodes = [coordinator, ...workers]
  const drop = () =>
    dropEverywhere(
      nodes.map(({ admin }) => admin),
      TEMPLATE,
    )
  await drop()
  for (const { admin } of nodes) await onEach([admin], (db) => makeMissingRoles(db, new URL(url).password))
  await makeDatabase(coordinator, workers, TEMPLATE)
  const as = (role: string) => {
    const address = new URL(coordinator.admin)
    address.username = role
    return address.href
  }
  await migrate(`${as('titian_owner')}${TEMPLATE}`, 'titian', { distributed: true })
  // A copy wants nobody connected, Citus' own maintenance included; it starts with the next connection.
  await onEach(
    nodes.map(({ admin }) => admin),
    async (db) => {
      await db.query(`alter database ${TEMPLATE} allow_connections false`)
      await db.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = $1', [TEMPLATE])
    },
  )
  project.provide('postgres', { admin: coordinator.admin, owner: as('titian_owner'), app: as('titian') })
  project.provide(
    'workers',
    workers.map(({ admin }) => admin),
  )
  return drop
}

/** Makes a database on every server of the cluster, with the extension, whose tables can be distributed. */
export async function makeDatabase(coordinator: Node, workers: readonly Node[], name: string): Promise<void> {
  for (const { admin } of [coordinator, ...workers]) {
    await onEach([admin], (db) => db.query(`create database ${name} owner titian_owner`))
    await withClient(`${admin}${name}`, (db) => db.query('create extension citus'))
  }
  await withClient(`${coordinator.admin}${name}`, async (db) => {
    await db.query('select citus_set_coordinator_host($1, $2)', [coordinator.host, coordinator.port])
    for (const { host, port } of workers) await db.query('select citus_add_node($1, $2)', [host, port])
  })
}

/** The coordinator that an address names, and its workers; throws where there are fewer than two. */
export async function nodesOf(url: string): Promise<[Node, Node[]]> {
  const nodeAt = (host: string, port: number): Node => {
    const admin = new URL(url)
    admin.host = `${host}:${port}`
    admin.pathname = '/'
    return { admin: admin.href, host, port }
  }
  const { rows } = await withClient(url, (db) =>
    db.query<{ host: string; port: number; isWorker: boolean }>(`
      select nodename as host, nodeport as port, groupid <> 0 as "isWorker"
      from pg_dist_node where noderole = 'primary' order by groupid`),
  )
  const workers = rows.filter(({ isWorker }) => isWorker).map(({ host, port }) => nodeAt(host, port))
  if (workers.length < 2)
    throw new Error('CITUS_URL names a database without two workers: add them with citus_add_node')
  const own = rows.find(({ isWorker }) => !isWorker)
  const { hostname, port } = new URL(url)
  return [nodeAt(own?.host ?? hostname, own?.port ?? Number(port || 5432)), workers]
}

/** Roles that are missing get the password of CITUS_URL's own. */
async function makeMissingRoles(db: pg.Client, password: string): Promise<void> {
  const literal = db.escapeLiteral(decodeURIComponent(password))
  for (const role of ['titian_owner', 'titian', 'receiver']) {
    const { rows } = await db.query('select from pg_roles where rolname = $1', [role])
    if (rows.length === 0) await db.query(`create role ${role} login password ${literal}`)
  }
  const { rows: walls } = await db.query('select from pg_roles where rolname = $1', [WALL_ROLE])
  if (walls.length === 0) await db.query(`create role ${WALL_ROLE} nologin`)
  await db.query(`grant ${WALL_ROLE} to titian; alter role titian bypassrls`)
}

async function onEach(servers: readonly string[], work: (db: pg.Client) => Promise<unknown>): Promise<void> {
  for (const admin of servers) await withClient(`${admin}postgres`, work)
}
