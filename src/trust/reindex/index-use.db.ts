import type { Db } from '../../io/postgres/postgres.ts'
import { PRESENT_SECONDS } from '../../io/postgres/presence.db.ts'
import { countWithoutIndexKey } from '../../io/postgres/process.sql.ts'
import { indexKeysOf, type KeyRing } from '../keys/keyring.ts'
import { INDEXED_TABLES } from './columns.ts'
import { readIndexKey } from './gate.sql.ts'
import { countMoved } from './reindex.sql.ts'

/** An index key: what it does at this moment, and how many rows are under it, of which tables. */
export type IndexUse = {
  version: number
  state: 'works' | 'is left' | 'is moved to' | 'waits' | 'finds nothing' | 'NOT IN THE RING'
  rows: number
  tables: Record<string, number>
  /** What it waits for, where it waits. */
  waitsFor?: string
}

/** Which index keys there are, and how many rows are under each. Reads every table that holds indexes. */
export async function readIndexUse(db: Db, ring: Pick<KeyRing, 'indexKeys'>): Promise<IndexUse[]> {
  const { version: working, movingTo } = await readIndexKey(db)
  const keys = indexKeysOf(ring)
  const versions = new Set([...keys.map(({ version }) => version), working, ...(movingTo === null ? [] : [movingTo])])
  const counts = new Map<string, { rows: number; moved: number }>()
  for (const table of INDEXED_TABLES) counts.set(table.table, await countMoved(db, table, movingTo ?? 0))
  const uses: IndexUse[] = []
  for (const version of [...versions].sort((a, b) => a - b)) {
    const tables: Record<string, number> = {}
    for (const [table, { rows, moved }] of counts) {
      const under = version === movingTo ? moved : version === working ? rows - moved : 0
      if (under > 0) tables[table] = under
    }
    const rows = Object.values(tables).reduce((sum, count) => sum + count, 0)
    const key = keys.find((one) => one.version === version)
    const waitsFor = version > working && movingTo === null ? await waited(db, version, key?.from) : undefined
    const state = stateOf({ version, working, movingTo, isHere: key !== undefined })
    uses.push({ version, state, rows, tables, ...(waitsFor && { waitsFor }) })
  }
  return uses
}

function stateOf(at: {
  version: number
  working: number
  movingTo: number | null
  isHere: boolean
}): IndexUse['state'] {
  // The first one has no secret: a ring cannot lack it.
  if (!at.isHere && at.version > 1) return 'NOT IN THE RING'
  if (at.version === at.movingTo) return 'is moved to'
  if (at.version === at.working) return at.movingTo === null ? 'works' : 'is left'
  return at.version < at.working ? 'finds nothing' : 'waits'
}

async function waited(db: Db, version: number, from: string | undefined): Promise<string> {
  if (from !== undefined && Date.parse(from) > Date.now()) return `until ${from}`
  const without = await countWithoutIndexKey(db, version, PRESENT_SECONDS)
  return without > 0
    ? `for processes that do not have it yet: ${without}`
    : 'for a gateway or worker to begin, after erasures and relinks that are under way'
}
