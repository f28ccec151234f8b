import { Cluster } from 'ioredis'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { toleratedOffset } from '../clock-offset.ts'
import { queueSchemaFault } from '../queue.ts'
import { openRedis, type RedisAddress } from '../redis.ts'
import { newestMigration } from './migration.file.ts'
import { selectBreaking } from './process.sql.ts'
import { type ServerFacts, selectSchemaVersion, selectServerFacts, selectSession } from './server-checks.sql.ts'
import { sessionFault } from './session.ts'

export type GuardLimits = { LEASE_SECONDS: number; DATABASE_CONNECTIONS: number }

/** Refuses, with one sentence, a PostgreSQL that would not keep our promises; `now` is this process's clock. */
export async function guardPostgres(db: pg.Pool, limits: GuardLimits, now: () => number): Promise<void> {
  const facts = await selectServerFacts(db)
  refuse(postgresFault(facts, limits, now()))
  refuse(sessionFault(await selectSession(db)))
  refuse(await schemaFault(db))
  refuse(await queueSchemaFault(db))
}

/** The first thing that is wrong with a server, as a sentence; undefined when nothing is. */
export function postgresFault(facts: ServerFacts, limits: GuardLimits, now: number): string | undefined {
  return postgresFaults(facts, limits, now)[0]
}

/** All that is wrong with a server, the gravest first, each as a sentence. */
export function postgresFaults(facts: ServerFacts, limits: GuardLimits, now: number): string[] {
  const offset = Math.abs(facts.now - now) / 1000
  const isSure = ['on', 'remote_apply', 'remote_write', 'local'].includes(facts.synchronousCommit)
  const faults: [boolean, string][] = [
    [facts.fsync !== 'on', 'PostgreSQL runs with fsync off: what it confirms may be lost; switch it on'],
    [facts.fullPageWrites !== 'on', 'PostgreSQL runs with full_page_writes off: a crash may tear pages; switch it on'],
    [!isSure, 'PostgreSQL runs with synchronous_commit off: a confirmed batch may be lost; switch it on'],
    [facts.encoding !== 'UTF8', `the database is encoded as ${facts.encoding}: make it anew as UTF8`],
    [facts.recovering, 'PostgreSQL is a standby in recovery: name the primary in DATABASE_URL'],
    [facts.superuser, 'the role of DATABASE_URL is a superuser: give the gateway a role of its own'],
    [
      !facts.bypassesRls,
      'the role of DATABASE_URL does not bypass row security, which COPY into tables with it demands: alter role titian bypassrls (docs/operations/roles-and-databases.md)',
    ],
    [
      offset > toleratedOffset(limits.LEASE_SECONDS),
      `this clock and PostgreSQL's differ by ${Math.round(offset)} s, more than a quarter of a lease: set the clocks`,
    ],
    [
      facts.freeConnections < limits.DATABASE_CONNECTIONS,
      `PostgreSQL has ${facts.freeConnections} connections left, this process wants ${limits.DATABASE_CONNECTIONS}: raise max_connections`,
    ],
  ]
  return faults.flatMap(([isWrong, said]) => (isWrong ? [said] : []))
}

/** What is wrong with our tables, as a sentence; undefined when they are those that this version needs. */
export async function schemaFault(db: pg.Pool): Promise<string | undefined> {
  const [wanted, found] = await Promise.all([newestMigration(), selectSchemaVersion(db)])
  if (found === undefined) return 'the database has no tables of ours: run titian migrate'
  if (found < wanted) return `the database is at ${found}, this version needs ${wanted}: run titian migrate`
  const breaking = await selectBreaking(db)
  if (breaking === undefined || wanted >= breaking) return undefined
  return `the database is at ${breaking}, which code that knows ${wanted} only cannot live with: install the newer version`
}

// What a queue needs of its user, beside what it may read of the server: scripts, and keys under our names.
const READY = ['eval', 'return 1', '0'] as const
const PROBES = [
  READY,
  ['set', '{titian-probe}:start', '1', 'EX', '1'],
  ['publish', '{titian-probe}:start', '1'],
] as const

/** Refuses, with one sentence, a Redis that may forget or throw out jobs, or whose user may not do what queues need. */
export async function guardRedis(address: RedisAddress): Promise<void> {
  const redis = openRedis(address)
  try {
    // A cluster tells its nodes with the first answer.
    await redis.call(...READY)
    // Every master of a cluster may keep a queue.
    for (const server of redis instanceof Cluster ? redis.nodes('master') : [redis])
      refuse(redisFault(await server.info()))
    for (const [name, ...args] of PROBES) await redis.call(name, ...args)
  } catch (cause) {
    if (cause instanceof TitianError) throw cause
    throw new TitianError('server-unsafe', redisRefusal(cause), { cause })
  } finally {
    redis.disconnect()
  }
}

/** Why Redis did not do what was asked, as a sentence; its own words begin with a code and may name a command. */
export function redisRefusal(error: unknown): string {
  const said = error instanceof Error ? error.message : ''
  const command = /run the '([^']+)' command/.exec(said)?.[1]
  if (command) return `the user of REDIS_URL may not run ${command.toUpperCase()}: allow it by ACL (+${command})`
  if (said.startsWith('NOPERM'))
    return 'the user of REDIS_URL may not reach the keys and channels {titian-*: allow them by ACL'
  if (/^(WRONGPASS|NOAUTH|ERR AUTH)/.test(said)) return 'Redis does not take the user and password of REDIS_URL'
  if (said.startsWith('LOADING')) return 'Redis is still reading its file: start again when it has'
  if (/^(READONLY|MISCONF|OOM|CLUSTERDOWN)/.test(said)) return `Redis takes no writes: ${said.slice(0, 120)}`
  return 'Redis at REDIS_URL does not answer'
}

/** The first thing that is wrong with a Redis by its INFO, as a sentence; undefined when nothing is. */
export function redisFault(info: string): string | undefined {
  const facts = new Map(info.split(/\r?\n/).map((line) => line.split(':') as [string, string]))
  if (facts.get('role') !== 'master') return 'Redis is a replica: name the master in REDIS_URL'
  const policy = facts.get('maxmemory_policy')
  if (policy !== 'noeviction') return `Redis evicts jobs when full (${policy}): set maxmemory-policy noeviction`
  if (facts.get('aof_enabled') !== '1') return 'Redis keeps no append-only file: set appendonly yes'
  return undefined
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new TitianError('server-unsafe', fault)
}
