import { stat } from 'node:fs/promises'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { readMemory, serverPaths } from '../../io/local/cluster.ts'
import { startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { withClient } from '../../io/postgres/postgres.ts'
import type { Role } from '../../io/postgres/roles.sql.ts'
import type { CliContext } from '../context.ts'

/** Runs the work on the database as its owner sees it: that of DATABASE_OWNER_URL or DATABASE_URL, else of a data folder, up or not. */
export async function withOwner<T>(
  env: CliContext['env'],
  data: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const named = env.DATABASE_OWNER_URL ?? env.DATABASE_URL
  return named ? withClient(named, work) : withEmbedded(env, data, ['titian_owner', 'titian'], work)
}

/** Runs the work on the embedded server of a data folder, up or not, as one of its roles and in one of its databases. */
export async function withEmbedded<T>(
  { WAL_ARCHIVE: archive }: CliContext['env'],
  data: string,
  [role, database]: readonly [Role, string],
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const paths = serverPaths(data)
  if ((await stat(paths.cluster).catch(() => undefined)) === undefined)
    throw new TitianError(
      'bad-request',
      `no database in ${data}: name the data folder with --data, or a server by DATABASE_OWNER_URL`,
    )
  const { port, passwords } = await readMemory(paths.memory)
  const url = `postgres://${role}:${passwords[role]}@127.0.0.1:${port}/${database}`
  const isUp = port > 0 && (await withClient(url, () => Promise.resolve(true)).catch(() => false))
  if (isUp) return withClient(url, work)
  await using stack = new AsyncDisposableStack()
  stack.use(await lockFolder(data))
  const server = await startEmbedded(data, { archive })
  stack.defer(() => server.stop())
  return await withClient(server.urlFor(role, database), work)
}
