import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/io/local/embedded.ts'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { startPostgres } from './servers/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses of the one PostgreSQL of a test run: per role, without the database's name. */
    postgres: { admin: string; owner: string; app: string }
    /** The workers of a cluster with distributed tables, as `admin`; missing where tests have a server of their own. */
    workers: string[]
  }
}

/** The database that every test's own is copied from: migrated once, then closed, since a copy wants nobody connected. */
export const TEMPLATE = 'titian_template'

/**
 * Starts one PostgreSQL for the whole run, in a temporary folder, and takes both away at the end. POSTGRES_BIN names the folder of
 * the programs of another major than the embedded one.
 */
export default async function startServer({ provide }: TestProject): Promise<() => Promise<void>> {
  const data = await mkdtemp(join(tmpdir(), 'titian-test-'))
  const programs = process.env.POSTGRES_BIN
  const server = programs ? await startPostgres(programs, data) : await startEmbedded(data)
  await withClient(server.urlFor('postgres', 'postgres'), (db) =>
    db.query(`create database ${TEMPLATE} owner titian_owner`),
  )
  await migrate(server.urlFor('titian_owner', TEMPLATE), 'titian')
  await withClient(server.urlFor('postgres', 'postgres'), (db) =>
    db.query(`alter database ${TEMPLATE} allow_connections false`),
  )
  provide('postgres', {
    admin: server.urlFor('postgres', ''),
    owner: server.urlFor('titian_owner', ''),
    app: server.urlFor('titian', ''),
  })
  return async () => {
    await server.stop()
    await rm(data, { recursive: true, force: true })
  }
}
