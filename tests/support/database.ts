import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type pg from 'pg'
import { inject } from 'vitest'
import { openPool, withClient } from '../../src/io/postgres/postgres.ts'
import { TEMPLATE } from './server.ts'

/** A database of a test's own; it is dropped at the end of the `await using` block. */
export type TestDatabase = AsyncDisposable & {
  /** Connections of the application's role, which owns nothing and is no superuser. */
  pool: pg.Pool
  url: string
  /** For what only the owner of the tables may do. */
  ownerUrl: string
}

/** A migrated database, copied from the template (some 40 ms): `await using db = await freshDatabase()`. */
export function freshDatabase(): Promise<TestDatabase> {
  return makeDatabase(`template ${TEMPLATE} owner titian_owner`)
}

/** A database without any table, in which the application's role may make its own. */
export function emptyDatabase(): Promise<TestDatabase> {
  return makeDatabase('owner titian')
}

/** A database without any table, whose owner is not the application's role: as an installation's is before it is migrated. */
export function bareDatabase(): Promise<TestDatabase> {
  return makeDatabase('owner titian_owner')
}

async function makeDatabase(kind: string): Promise<TestDatabase> {
  const { admin, owner, app } = inject('postgres')
  const name = `test_${randomBytes(8).toString('hex')}`
  const isCopy = kind.startsWith('template')
  const workers = isCopy ? (inject('workers') ?? []) : []
  const servers = [...workers, admin]
  for (const server of servers)
    await withClient(`${server}postgres`, (db) => db.query(`create database ${name} ${kind}`))
  const pool = openPool(`${app}${name}`, 10, workers.length > 0 ? 'distributed' : 'whole')
  return {
    pool,
    url: `${app}${name}`,
    ownerUrl: `${owner}${name}`,
    async [Symbol.asyncDispose]() {
      await pool.end()
      // Without `force`: a test that leaves a connection open fails here, after the five seconds that PostgreSQL waits.
      if (workers.length === 0) await withClient(`${admin}postgres`, (db) => db.query(`drop database ${name}`))
      else await dropEverywhere(servers, name)
    },
  }
}

/** Servers of a cluster keep connections to each other a while, and make some anew while a database is dropped. */
export async function dropEverywhere(servers: readonly string[], name: string): Promise<void> {
  for (const server of servers) await dropForced(server, name, 10)
}

async function dropForced(server: string, name: string, tries: number): Promise<void> {
  try {
    await withClient(`${server}postgres`, (db) => db.query(`drop database if exists ${name} with (force)`))
  } catch (error) {
    if (tries === 0) throw error
    await delay(500)
    await dropForced(server, name, tries - 1)
  }
}
