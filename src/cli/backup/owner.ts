import { stat } from 'node:fs/promises'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { readMemory, serverPaths } from '../../io/local/cluster.ts'
import { startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { withClient } from '../../io/postgres/postgres.ts'
import type { CliContext } from '../context.ts'

/** Runs the work on the database as its owner sees it: that of DATABASE_OWNER_URL or DATABASE_URL, else of a data folder, up or not. */
export async function withOwner<T>(
  env: CliContext['env'],
  data: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const named = env.DATABASE_OWNER_URL ?? env.DATABASE_URL
  if (named) return withClient(named, work)
  const paths = serverPaths(data)
  if ((await stat(paths.cluster).catch(() => undefined)) === undefined)
    throw new TitianError(
      'bad-request',
      `no database in ${data}: name the data folder with --data, or a server by DATABASE_OWNER_URL`,
    )
  const { port, passwords } = await readMemory(paths.memory)
  const url = `postgres://titian_owner:${passwords.titian_owner}@127.0.0.1:${port}/titian`
  const isUp = port > 0 && (await withClient(url, () => Promise.resolve(true)).catch(() => false))
  if (isUp) return withClient(url, work)
  await using stack = new AsyncDisposableStack()
  stack.use(await lockFolder(data))
  const server = await startEmbedded(data)
  stack.defer(() => server.stop())
  return await withClient(server.urlFor('titian_owner', 'titian'), work)
}
