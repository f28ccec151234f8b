import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { toleratedOffset } from '../clock-offset.ts'
import { openRedis, queueSchemaFault } from '../queue.ts'
import { type ServerFacts, selectSchemaVersion, selectServerFacts } from './server-checks.sql.ts'

export type GuardLimits = { LEASE_SECONDS: number; DATABASE_CONNECTIONS: number }

/** Refuses, with one sentence, a PostgreSQL that would not keep our promises; `now` is this process's clock. */
export async function guardPostgres(db: pg.Pool, limits: GuardLimits, now: () => number): Promise<void> {
  const facts = await selectServerFacts(db)
  refuse(postgresFault(facts, limits, now()))
  const [wanted, found] = await Promise.all([newestMigration(), selectSchemaVersion(db)])
  if (found === undefined) refuse('the database has no tables of ours: run titian migrate')
  if (found !== undefined && found < wanted)
    refuse(`the database is at ${found}, this version needs ${wanted}: run titian migrate`)
  refuse(await queueSchemaFault(db))
}

/** The first thing that is wrong with a server, as a sentence; undefined when nothing is. */
export function postgresFault(facts: ServerFacts, limits: GuardLimits, now: number): string | undefined {
  if (facts.fsync !== 'on') return 'PostgreSQL runs with fsync off: what it confirms may be lost; switch it on'
  if (facts.fullPageWrites !== 'on')
    return 'PostgreSQL runs with full_page_writes off: a crash may tear pages; switch it on'
  if (!['on', 'remote_apply', 'remote_write', 'local'].includes(facts.synchronousCommit))
    return 'PostgreSQL runs with synchronous_commit off: a confirmed batch may be lost; switch it on'
  if (facts.encoding !== 'UTF8') return `the database is encoded as ${facts.encoding}: make it anew as UTF8`
  if (facts.recovering) return 'PostgreSQL is a standby in recovery: name the primary in DATABASE_URL'
  if (facts.superuser || facts.bypassesRls)
    return 'the role of DATABASE_URL is a superuser or bypasses row security: give the gateway a role of its own'
  const offset = Math.abs(facts.now - now) / 1000
  if (offset > toleratedOffset(limits.LEASE_SECONDS))
    return `this clock and PostgreSQL's differ by ${Math.round(offset)} s, more than a quarter of a lease: set the clocks`
  if (facts.freeConnections < limits.DATABASE_CONNECTIONS)
    return `PostgreSQL has ${facts.freeConnections} connections left, this process wants ${limits.DATABASE_CONNECTIONS}: raise max_connections`
  return undefined
}

/** Refuses a Redis that may forget or throw out jobs. */
export async function guardRedis(url: string): Promise<void> {
  const redis = openRedis(url)
  try {
    refuse(redisFault(await redis.info()))
  } catch (cause) {
    if (cause instanceof TitianError) throw cause
    throw new TitianError('server-unsafe', 'Redis at REDIS_URL does not answer', { cause })
  } finally {
    redis.disconnect()
  }
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

async function newestMigration(): Promise<string> {
  const files = await readdir(join(import.meta.dirname, 'migrations'))
  return (
    files
      .filter((file) => file.endsWith('.sql'))
      .sort()
      .at(-1)
      ?.replace(/\.sql$/, '') ?? ''
  )
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new TitianError('server-unsafe', fault)
}
