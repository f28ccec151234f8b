import type pg from 'pg'
import type { Platform } from '../domain/platform.ts'
import type { Figures } from '../io/observe/figures.ts'
import { inTransaction } from '../io/postgres/postgres.ts'
import { selectFigures } from '../reports/figures.sql.ts'
import { saveCounted, selectCounted, tryLockFigures } from './figures.sql.ts'

/** Figures that are older are counted again. */
const FRESH_SECONDS = 15

/**
 * Reads the figures of the database. They are counted at most every 15 seconds, by one process for all, however many ask; while
 * one counts, the others are given those before.
 */
export function figuresReader(platforms: readonly Platform[]): (db: pg.Pool) => Promise<Figures> {
  return async (db) => {
    const known = await selectCounted(db)
    if (known && known.age < FRESH_SECONDS) return known
    const counted = await inTransaction(db, async (tx) => {
      if (!(await tryLockFigures(tx))) return undefined
      const figures = await selectFigures(tx, platforms)
      await saveCounted(tx, figures)
      return figures
    })
    return counted ?? known ?? selectFigures(db, platforms)
  }
}
