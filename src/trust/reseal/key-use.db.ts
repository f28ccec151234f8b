import type { Db } from '../../io/postgres/postgres.ts'
import { SEALED_COLUMNS } from './columns.ts'
import { countVersions, nameOf } from './reseal.sql.ts'

/** How many values are sealed under a version of the seal key, and how many of them in which column. */
export type KeyUse = { version: number; values: number; columns: Record<string, number> }

/** Under which versions of the seal key anything is sealed. Reads every table that holds sealed values. */
export async function readKeyUse(db: Db): Promise<KeyUse[]> {
  const uses = new Map<number, KeyUse>()
  for (const column of SEALED_COLUMNS) {
    for (const { version, values } of await countVersions(db, column)) {
      const use = uses.get(version) ?? { version, values: 0, columns: {} }
      use.values += Number(values)
      use.columns[nameOf(column)] = Number(values)
      uses.set(version, use)
    }
  }
  return [...uses.values()].sort((a, b) => a.version - b.version)
}
