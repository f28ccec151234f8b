import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { SubjectId } from '../../domain/ids.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { linesOf } from '../compose.ts'
import { openPayload } from '../delivery.sql.ts'
import type { FormLine } from '../forms/columns.ts'
import { latestLines, placeOfLine } from './latest-lines.ts'
import { deliveryBefore, type SnapshotDay } from './snapshot.sql.ts'

/** Gives the golden records after a subject's id, as they stand; the room that owns them brings it. */
export type GoldenReader = (
  after: string,
  limit: number,
) => Promise<{ lines: readonly { line: object; place: string }[]; next: string | undefined }>

const PAGE = 500
// About 100 MB of ids in one pass over the deliveries.
const SUBJECTS_AT_ONCE = 500_000

/** The golden records as they stand now, a page of subjects at a time; only those of a region where one is named. */
export async function* presentLines(read: GoldenReader, region = ''): AsyncGenerator<object[]> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const { lines, next } = await read(after, PAGE)
    yield lines.filter(({ place }) => place.startsWith(region)).map(({ line }) => line)
    after = next
  }
}

/** Which of some subjects are restricted by now; the room that owns them says it. */
export type RestrictedReader = (subjects: readonly SubjectId[]) => Promise<ReadonlySet<SubjectId>>

/**
 * The golden records as they stood at the end of a day, from the stored deliveries, the newest first; without those of persons whose
 * data is restricted today, and of families that name such a person as their head.
 */
export async function* pastLines(
  { db, vault, readRestricted }: { db: Pool; vault: Pick<Vault, 'open'>; readRestricted: RestrictedReader },
  date: string,
  { records }: SnapshotDay,
  region = '',
): AsyncGenerator<object[]> {
  const parts = Math.max(1, Math.ceil(records / SUBJECTS_AT_ONCE))
  for (let part = 0; part < parts; part++) {
    const stands = latestLines(part, parts)
    for (
      let at = await deliveryBefore(db, null, date);
      at !== undefined;
      at = await deliveryBefore(db, at.position, date)
    ) {
      const bytes = await openPayload(db, vault, at)
      // It was there when the reading began.
      if (bytes === undefined) throw new TitianError('snapshot-gone')
      const lines = [...linesOf(bytes)]
      const places = new Map(lines.map((line) => [line.subject as string, placeOfLine(line as FormLine)]))
      const isThere = (line: (typeof lines)[number]) => {
        const family = line.level === 'individu' && 'family' in line ? places.get(line.family ?? '') : undefined
        return (places.get(line.subject) || (family ?? '')).startsWith(region)
      }
      const given = lines.filter((line) => stands(line) && isThere(line))
      const restricted = await readRestricted(given.map(({ subject }) => subject))
      yield given.filter(({ subject }) => !restricted.has(subject))
    }
  }
}
