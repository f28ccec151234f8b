import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { canWrite } from '../../io/http/health.sql.ts'
import { readMemory, serverPaths } from '../../io/local/cluster.ts'
import { openPool } from '../../io/postgres/postgres.ts'

/** The gateway's database: DATABASE_URL, or that of a running `titian up` on the data folder. The caller ends the pool. */
export async function openDatabase(env: Readonly<Record<string, string | undefined>>, data: string): Promise<pg.Pool> {
  if (env.DATABASE_URL) return openPool(env.DATABASE_URL, 4)
  const { port, passwords } = await readMemory(serverPaths(data).memory)
  const pool = openPool(`postgres://titian:${passwords.titian}@127.0.0.1:${port}/titian`, 4)
  try {
    await canWrite(pool)
    return pool
  } catch (cause) {
    await pool.end()
    const message = `no titian runs on ${data}: start it with titian up, name its folder with --data, or set DATABASE_URL`
    throw new TitianError('unavailable', message, { cause })
  }
}
