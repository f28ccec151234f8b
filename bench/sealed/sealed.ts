import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import type { Bench } from '../system.ts'

const DATABASE = 'sealed_floor'

/** The sealed floor in families a second: the rows are those that the whole way wrote for the file, in tables of their own. */
export async function measureSealedFloor({ urlFor, ownerUrl }: Bench, file: string): Promise<number> {
  await withClient(urlFor('postgres', 'postgres'), (client) =>
    client.query(`create database ${DATABASE} owner titian_owner`),
  )
  const into = urlFor('titian_owner', DATABASE)
  await migrate(into, 'titian')
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'floor.ts'),
    ownerUrl,
    into,
    file,
  ])
  await withClient(urlFor('postgres', 'postgres'), (client) => client.query(`drop database ${DATABASE}`))
  return Number(stdout)
}
