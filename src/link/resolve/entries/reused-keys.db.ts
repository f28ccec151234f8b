import type { Db } from '../../../io/postgres/postgres.ts'
import type { KeyRow } from '../../subjects/key-row.ts'
import { type Indexer, type Prepared, withOwnKey } from '../../subjects/prepare.ts'
import type { Opener } from '../../subjects/source-record.ts'
import { lookUpKeys } from '../../subjects/subjects.sql.ts'
import type { StoredState, StoredStates } from './stored-states.ts'

/** The entries of a chunk, and what is stored under the keys that their records go by. */
export type KeyedEntries = { entries: readonly Prepared[]; rows: readonly KeyRow[]; stored: StoredStates }

/**
 * Gives a key of its own to each record whose key stands for somebody else: what is stored under the source's key is not
 * touched. One more statement, and only where there is such a record.
 */
export async function partReusedKeys(
  db: Db,
  { entries, rows, stored }: KeyedEntries,
  { platform, dataset, index, open }: { platform: string; dataset: string; index: Indexer; open: Opener },
): Promise<KeyedEntries> {
  const reused = [...stored].filter(([, { isOther }]) => isOther).map(([at]) => at)
  if (reused.length === 0) return { entries, rows, stored }
  const parted = new Set(reused)
  let at = 0
  const keyed = entries.map((entry) => ({
    ...entry,
    records: entry.records.map((incoming) => {
      const state = stored.get(at++)
      return state?.isOther ? withOwnKey(incoming, state.record, { platform, dataset }, index) : incoming
    }),
  }))
  const all = keyed.flatMap(({ records }) => records)
  const own = reused.flatMap((place) => all[place] ?? [])
  const found = await lookUpKeys(
    db,
    own.map(({ key }) => key),
    own.map(({ content }) => content),
  )
  const states = new Map<number, StoredState>([...stored].filter(([place]) => !parted.has(place)))
  const foundRows = found.flatMap((row) => {
    const [place, incoming] = [reused[row.at], own[row.at]]
    if (place === undefined || incoming === undefined) return []
    if (row.sealed !== null) states.set(place, { record: open(incoming.key, platform, row.sealed), isOther: false })
    return [{ ...row, at: place }]
  })
  return { entries: keyed, rows: [...rows.filter((row) => !parted.has(row.at)), ...foundRows], stored: states }
}
