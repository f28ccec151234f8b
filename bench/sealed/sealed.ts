import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { migrate } from '../../src/io/postgres/migrate.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import type { Bench } from '../system.ts'
import type { SealedFloor } from './floor.ts'

const DATABASE = 'sealed_floor'

/** The sealed floor: the rows are those that the whole way wrote for the file, in tables of their own. */
export async function measureSealedFloor({ urlFor, ownerUrl, data }: Bench, file: string): Promise<SealedFloor> {
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
    data,
  ])
  await withClient(urlFor('postgres', 'postgres'), (client) => client.query(`drop database ${DATABASE}`))
  return JSON.parse(stdout) as SealedFloor
}
