import { rename, rm, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { postgresAccount } from '../../io/local/account.ts'
import { serverPaths } from '../../io/local/cluster.ts'
import { startEmbedded } from '../../io/local/embedded.ts'
import { lockFolder } from '../../io/local/folder-lock.ts'
import { type BaseManifest, placeCluster } from './base.file.ts'

const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/

/** When to come back to, by `--to`: undefined is as far as the archive goes. Throws one sentence about what is no moment of this backup. */
export function momentOf(text: string, { made_at }: Pick<BaseManifest, 'made_at'>, now: Date): Date | undefined {
  if (text === 'latest') return undefined
  const at = new Date(MOMENT.test(text) ? text.replace(' ', 'T') : Number.NaN)
  if (Number.isNaN(at.getTime()))
    throw new TitianError(
      'bad-request',
      `--to ${text} is no moment: write 2026-11-28T01:55:00+07:00, with its zone, or latest`,
    )
  if (at < new Date(made_at))
    throw new TitianError(
      'bad-request',
      `--to ${text} lies before the base backup, which goes from ${made_at} on: take an earlier one`,
    )
  if (at > now)
    throw new TitianError(
      'bad-request',
      `--to ${text} lies ahead of this machine's clock: latest is as far as the archive goes`,
    )
  return at
}

/**
 * Brings the embedded server of a data folder back to a moment: the base backup, and the archived WAL after it, with what the
 * present files hold beyond the archive. The present files stay, under the name that comes back; undefined where there were none.
 * Whatever fails leaves them in their place.
 */
export async function bringBack(
  { data, folder, archive }: { data: string; folder: string; archive: string },
  to: Date | undefined,
): Promise<string | undefined> {
  await using _lock = await lockFolder(data)
  const { cluster } = serverPaths(data)
  const isThere = (await stat(cluster).catch(() => undefined)) !== undefined
  const aside = `${cluster}_before_${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}`
  await placeCluster(folder, `${cluster}.new`, await postgresAccount([data]))
  if (isThere) await rename(cluster, aside)
  await rename(`${cluster}.new`, cluster)
  try {
    const tail = join(aside, 'pg_wal')
    const server = await startEmbedded(data, { archive, recovery: { archive: resolve(archive), tail, to } })
    await server.stop()
    return isThere ? aside : undefined
  } catch (cause) {
    await rm(cluster, { recursive: true, force: true })
    if (isThere) await rename(aside, cluster)
    const wanted = to === undefined ? 'its end' : to.toISOString()
    throw new TitianError(
      'server-unsafe',
      `the archive ${archive} did not lead to ${wanted}; all is as it was. log/postgres.log says how far it goes: name an earlier moment, or latest`,
      { cause },
    )
  }
}
