import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
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

/** The golden records as they stood at the end of a day, from the stored deliveries, the newest first. */
export async function* pastLines(
  { db, vault }: { db: Pool; vault: Pick<Vault, 'open'> },
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
      yield lines.filter((line) => stands(line) && isThere(line))
    }
  }
}
