import type { ChunkId } from '../../domain/ids.ts'
import { BATCH, KNOWN } from '../../domain/states.ts'
import type { Db } from '../../io/postgres/postgres.ts'
import { sql } from '../../io/postgres/sql.ts'
import { gatheredFirst } from '../../io/postgres/table-form.ts'
import type { GivenBack } from './given-back.ts'

/** A chunk with rows to be given back; `isKnown` says whether its outcomes are. */
export type ChunkOfRows = {
  id: ChunkId
  platform: string
  version: string
  firstLine: number
  isKnown: boolean
  isKept: boolean
}

/** The next chunk of a batch behind a line that may have such rows; undefined after the last one. */
export async function nextChunkOfRows(
  db: Db,
  batch: string,
  which: GivenBack,
  after: number,
): Promise<ChunkOfRows | undefined> {
  const { rows } = await db.query<ChunkOfRows>(sql`
    select c.id, c.platform, coalesce(c.dataset_version, b.dataset_version) as version, c.first_line as "firstLine",
      c.state = any(${KNOWN}) as "isKnown", c.raw is not null as "isKept"
    from chunk c join batch b on b.id = c.batch
    where c.batch = ${batch} and c.first_line > ${after} and b.state <> ${BATCH.receiving}
      and case ${which}::text
        when 'held' then c.held > 0 and c.state = any(${KNOWN})
        when 'rejected' then c.rejected > 0 and c.state = any(${KNOWN})
        else c.rejected > 0 or not c.state = any(${KNOWN}) end
    order by c.first_line limit 1`)
  return rows[0]
}

/** Whether the source records of some rejected or held entries of a batch, that nobody has corrected, are past retention. */
export async function areRowsGone(db: Db, batch: string, which: GivenBack): Promise<boolean> {
  const { rows } = await db.query<{ gone: boolean }>(
    gatheredFirst(
      sql`
    select exists (
      select from chunk c join entry e on e.chunk = c.id
      where c.batch = ${batch} and c.raw is null and c.state = any(${KNOWN}) and e.batch = c.batch
        and e.outcome = ${which === 'held' ? 'held' : 'rejected'} and e.corrected_by is null) as gone`,
      {
        entry: `select distinct chunk, batch, outcome, corrected_by from public.entry where batch = $1 and outcome = $3 and corrected_by is null`,
      },
    ),
  )
  return rows[0]?.gone ?? false
}

/** How many rows of a batch would be given back, at most: of `unprocessed` those that were rejected count besides. */
export async function countRows(db: Db, batch: string, which: GivenBack): Promise<number> {
  const { rows } = await db.query<{ rows: number }>(sql`
    select coalesce(sum(case ${which}::text when 'held' then held when 'rejected' then rejected
      else case when state = any(${KNOWN}) then rejected else entries end end), 0)::integer as rows
    from chunk where batch = ${batch}`)
  return rows[0]?.rows ?? 0
}

/** The lines of a chunk that are rejected or held and that no later batch has corrected. */
export async function readOpenLines(db: Db, chunk: ChunkId, outcome: 'rejected' | 'held'): Promise<Set<number>> {
  const { rows } = await db.query<{ line: number }>(sql`
    select line from entry where chunk = ${chunk} and outcome = ${outcome} and corrected_by is null`)
  return new Set(rows.map(({ line }) => line))
}

/** What the stages found in a chunk, as it is stored. */
export async function readStoredReports(db: Db, chunk: ChunkId): Promise<Buffer[]> {
  const { rows } = await db.query<{ findings: Buffer }>(
    sql`select findings from report where chunk = ${chunk} order by stage`,
  )
  return rows.map(({ findings }) => findings)
}
