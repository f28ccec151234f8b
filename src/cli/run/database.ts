import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { canWrite } from '../../io/http/health/health.sql.ts'
import { readMemory, serverPaths } from '../../io/local/cluster.ts'
import { readTableForm } from '../../io/postgres/distribute.db.ts'
import { openPool } from '../../io/postgres/postgres.ts'
import type { TableForm } from '../../io/postgres/table-form.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The address of the gateway's database, with its password: DATABASE_URL, or that of the embedded server of a data folder. */
export async function databaseAddress(env: Env, data: string): Promise<string> {
  if (env.DATABASE_URL) return env.DATABASE_URL
  const { port, passwords } = await readMemory(serverPaths(data).memory)
  return `postgres://titian:${passwords.titian}@127.0.0.1:${port}/titian`
}

/** The gateway's database: DATABASE_URL, or that of a running `titian up` on the data folder. The caller ends the pool. */
export async function openDatabase(env: Env, data: string): Promise<pg.Pool> {
  const url = await databaseAddress(env, data)
  // A server that is away is told of by what is asked first.
  const form = await readTableForm(url).catch((): TableForm => 'whole')
  const pool = openPool(url, 4, form)
  if (env.DATABASE_URL) return pool
  try {
    await canWrite(pool)
    return pool
  } catch (cause) {
    await pool.end()
    const message = `no titian runs on ${data}: start it with titian up, name its folder with --data, or set DATABASE_URL`
    throw new TitianError('unavailable', message, { cause })
  }
}
