import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type pg from 'pg'
import { hideProcess, type ShownProcess, showProcess } from './process.sql.ts'

const SHOW_MS = 10_000

/** Shows the others that this process lives, until it is disposed of. A database that is away hears it the next time. */
export function showPresence(db: pg.Pool, kind: ShownProcess['kind'], version: string): AsyncDisposable {
  const shown = { id: randomUUID(), kind, host: hostname(), version }
  let saying = Promise.resolve()
  const say = () => {
    saying = showProcess(db, shown).catch(() => undefined)
  }
  say()
  const timer = setInterval(say, SHOW_MS)
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await saying
      await hideProcess(db, shown.id).catch(() => undefined)
    },
  }
}
