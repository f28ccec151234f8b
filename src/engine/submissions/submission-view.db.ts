import type { Static } from 'typebox'
import { BATCH, COUNTED } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { type BatchView, viewBatches } from '../batch-view.sql.ts'
import { readFiles } from './file.sql.ts'
import { listSubmissions, readSubmission, type SubmissionRow } from './submission.sql.ts'
import type { Submission } from './submission-shapes.ts'

export type SubmissionView = Static<typeof Submission>

/** A submission as a platform (null: everybody) may see it; undefined when it is another's or not there. */
export async function viewSubmission(
  db: Db,
  id: string,
  { platform, hours }: { platform: string | null; hours: number },
): Promise<SubmissionView | undefined> {
  const row = await readSubmission(db, id)
  if (row === undefined || (platform !== null && row.platform !== platform)) return undefined
  return viewOf(db, row, hours)
}

/** Submissions of a platform (null: of all), the newest first. */
export async function viewSubmissions(
  db: Db,
  page: Parameters<typeof listSubmissions>[1],
  hours: number,
): Promise<SubmissionView[]> {
  const views: SubmissionView[] = []
  for (const row of await listSubmissions(db, page)) views.push(await viewOf(db, row, hours))
  return views
}

async function viewOf(db: Db, row: SubmissionRow, hours: number): Promise<SubmissionView> {
  const files = await readFiles(db, row.id)
  const batches = new Map(
    (
      await viewBatches(
        db,
        files.map(({ batch }) => batch),
      )
    ).map((batch) => [batch.id, batch]),
  )
  const views = files.flatMap(({ batch: id, file, parts, entries, bytes }) => {
    const batch = batches.get(id)
    if (batch === undefined) return []
    return [
      {
        batch,
        shown: {
          file,
          dataset: batch.dataset,
          batch: id,
          parts,
          entries,
          bytes,
          state: batch.state,
          counts: batch.counts,
        },
      },
    ]
  })
  const ends = views.map(({ batch }) => batch.settled_at)
  const isSettled = row.state === 'committed' && !ends.includes(null)
  return {
    id: row.id,
    platform: row.platform,
    state: isSettled ? BATCH.settled : row.state,
    replaces: row.replaces,
    created_at: row.createdAt.toISOString(),
    expires_at: row.state === 'open' ? new Date(row.touchedAt.getTime() + hours * 3_600_000).toISOString() : null,
    committed_at: row.committedAt?.toISOString() ?? null,
    settled_at: isSettled ? (ends.toSorted().at(-1) ?? null) : null,
    counts: summed(views.map(({ batch }) => batch)),
    gap: views.reduce((sum, { batch }) => sum + batch.gap, 0),
    files: views.map(({ shown }) => shown),
  }
}

function summed(batches: readonly BatchView[]): BatchView['counts'] {
  const sum = (name: (typeof COUNTED)[number]) => batches.reduce((total, { counts }) => total + counts[name], 0)
  return Object.fromEntries(COUNTED.map((name) => [name, sum(name)])) as BatchView['counts']
}
