import type { PoolClient } from 'pg'
import type { BatchId } from '../../domain/ids.ts'
import { copyRows } from '../../io/postgres/copy.ts'
import { sql } from '../../io/postgres/sql.ts'
import type { Index, LastSeen, Redirect, Subject } from './subject.ts'
import type { IdentifierWrite, SourceMove, SourceWrite } from './writes.ts'

export type SourceHead = { platform: string; dataset: string; batch: BatchId; receiptOrder: string }

/** New rows go in by COPY: they have ids that nobody else has. */
export async function insertSubjects(tx: PoolClient, subjects: readonly Subject[]): Promise<void> {
  await copyRows(
    tx,
    'subject',
    {
      id: 'text',
      level: 'text',
      version: 'int4',
      golden_hash: 'bytea',
      family: 'text',
      card_count: 'int4',
      region_hash: 'bytea',
    },
    Iterator.from(subjects).map(({ id, level, version, hash, family, cardCount, region }) => [
      id,
      level,
      version,
      hash,
      family,
      cardCount,
      region === '' ? null : region,
    ]),
  )
}

export async function updateSubjects(tx: PoolClient, subjects: readonly Subject[]): Promise<void> {
  if (subjects.length === 0) return
  await tx.query(sql`
    update subject s
    set version = n.version, golden_hash = decode(n.hash, 'hex'), family = n.family, card_count = n.card_count,
      region_hash = decode(nullif(n.region, ''), 'hex'), merged_into = null, withdrawn_at = null
    from unnest(${subjects.map(({ id }) => id)}::text[], ${subjects.map(({ version }) => version)}::integer[],
      ${subjects.map(({ hash }) => hash)}::text[], ${subjects.map(({ family }) => family)}::text[],
      ${subjects.map(({ cardCount }) => cardCount)}::integer[], ${subjects.map(({ region }) => region)}::text[])
      as n(id, version, hash, family, card_count, region)
    where s.id = n.id`)
}

export async function insertSources(tx: PoolClient, head: SourceHead, sources: readonly SourceWrite[]): Promise<void> {
  const { platform, dataset, batch, receiptOrder } = head
  await copyRows(
    tx,
    'source_record',
    {
      key_index: 'bytea',
      subject: 'text',
      platform: 'text',
      dataset: 'text',
      receipt_order: 'int8',
      batch: 'text',
      line: 'int4',
      content_hash: 'bytea',
      sealed: 'bytea',
      family: 'text',
    },
    Iterator.from(sources).map(({ key, subject, line, content, sealed, family }) => [
      key,
      subject,
      platform,
      dataset,
      BigInt(receiptOrder),
      batch,
      line,
      content,
      sealed,
      family,
    ]),
  )
}

/** The sealed records travel as one value, cut by length on the server: an array of bytea would double them as text. */
export async function updateSources(
  tx: PoolClient,
  { batch, receiptOrder }: SourceHead,
  sources: readonly SourceWrite[],
): Promise<void> {
  if (sources.length === 0) return
  let end = 1
  const starts = sources.map(({ sealed }) => {
    const start = end
    end += sealed.length
    return start
  })
  await tx.query(sql`
    update source_record s
    set subject = n.subject, family = n.family, receipt_order = ${receiptOrder}, batch = ${batch}, line = n.line,
      content_hash = decode(n.content, 'hex'),
      sealed = substring(${Buffer.concat(sources.map(({ sealed }) => sealed))}::bytea from n.start for n.length)
    from unnest(${sources.map(({ key }) => key)}::text[], ${sources.map(({ subject }) => subject)}::text[],
      ${sources.map(({ family }) => family)}::text[], ${sources.map(({ line }) => line)}::integer[],
      ${sources.map(({ content }) => content)}::text[], ${starts}::integer[],
      ${sources.map(({ sealed }) => sealed.length)}::integer[])
      as n(key, subject, family, line, content, start, length)
    where s.key_index = decode(n.key, 'hex')`)
}

/** Written in the order of their index, as blocking rows are. */
export async function insertIdentifiers(tx: PoolClient, identifiers: readonly IdentifierWrite[]): Promise<void> {
  const sorted = identifiers.toSorted((a, b) => (a.index < b.index ? -1 : 1))
  await copyRows(
    tx,
    'identifier',
    { index: 'bytea', subject: 'text', kind: 'text' },
    Iterator.from(sorted).map(({ index, subject, kind }) => [index, subject, kind]),
  )
}

/** Gives stored records to other persons, and remembers whose they were. */
export async function moveSources(tx: PoolClient, moves: readonly SourceMove[]): Promise<void> {
  if (moves.length === 0) return
  await tx.query(sql`
    update source_record s
    set subject = m.subject, former = nullif(coalesce(s.former, s.subject), m.subject)
    from unnest(${moves.map(({ key }) => key)}::text[], ${moves.map(({ subject }) => subject)}::text[]) as m(key, subject)
    where s.key_index = decode(m.key, 'hex')`)
}

/** Makes subjects redirects to others: their records and identifiers go to those, and ids that led to them lead on. */
export async function redirectSubjects(tx: PoolClient, merges: readonly Redirect[]): Promise<void> {
  if (merges.length === 0) return
  const from = merges.map((merge) => merge.from)
  const into = merges.map((merge) => merge.into)
  await tx.query(sql`
    update identifier i set subject = m.into
    from unnest(${from}::text[], ${into}::text[]) as m("from", "into") where i.subject = m."from"`)
  await tx.query(sql`
    update source_record s set subject = m.into, former = coalesce(s.former, s.subject)
    from unnest(${from}::text[], ${into}::text[]) as m("from", "into") where s.subject = m."from"`)
  await tx.query(sql`
    update source_record s set family = m.into
    from unnest(${from}::text[], ${into}::text[]) as m("from", "into") where s.family = m."from"`)
  await tx.query(sql`
    update subject s set family = m.into
    from unnest(${from}::text[], ${into}::text[]) as m("from", "into") where s.family = m."from"`)
  await tx.query(sql`
    update subject s set merged_into = m.into
    from unnest(${from}::text[], ${into}::text[]) as m("from", "into")
    where s.id = m."from" or s.merged_into = m."from"`)
}

/** Gives subjects that live on as others the version of the line that said so. */
export async function endSubjects(tx: PoolClient, ended: readonly Pick<Subject, 'id' | 'version'>[]): Promise<void> {
  if (ended.length === 0) return
  await tx.query(sql`
    update subject s set version = e.version
    from unnest(${ended.map(({ id }) => id)}::text[], ${ended.map(({ version }) => version)}::integer[]) as e(id, version)
    where s.id = e.id`)
}

/** Keeps the batch and line where the content that stands for a key with a conflict was last seen. */
export async function saveLastSeen(tx: PoolClient, lastSeen: ReadonlyMap<Index, LastSeen>): Promise<void> {
  if (lastSeen.size === 0) return
  const values = [...lastSeen.values()]
  await tx.query(sql`
    insert into key_conflict (key_index, batch, line)
    select decode(key, 'hex'), batch, line
    from unnest(${[...lastSeen.keys()]}::text[], ${values.map(({ batch }) => batch)}::text[],
      ${values.map(({ line }) => line)}::integer[]) as s(key, batch, line)
    on conflict (key_index) do update set batch = excluded.batch, line = excluded.line`)
}
