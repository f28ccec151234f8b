import type { Pool, PoolClient } from 'pg'
import type { Crash } from '../../io/observe/crash.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { PRESENT_SECONDS } from '../../io/postgres/presence.db.ts'
import { countWithoutIndexKey } from '../../io/postgres/process.sql.ts'
import { appendAudit } from '../audit/audit.sql.ts'
import { hiddenNumbers } from '../keys/hidden-number.ts'
import type { IndexWrap } from '../keys/index-wrap.ts'
import { wrapOf } from '../keys/indexes.ts'
import { indexKeysOf, type KeyRing } from '../keys/keyring.ts'
import type { Vault } from '../keys/vault.ts'
import { INDEXED_TABLES, type IndexedTable } from './columns.ts'
import { lockIndexes, readIndexKey } from './gate.sql.ts'
import {
  beginMoving,
  endMoving,
  hasUnmoved,
  type IndexedRow,
  lockUnmoved,
  movedColumns,
  noteMove,
  replaceIndexes,
  takeMove,
} from './reindex.sql.ts'

export type ReindexDeps = {
  vault: Pick<Vault, 'open' | 'seal' | 'lastingText'>
  ring: Pick<KeyRing, 'indexKeys'>
  crash: Crash
  /** Whether something is under way that remembers indexes elsewhere than in the tables that are moved. */
  isBusy(tx: PoolClient): Promise<boolean>
}

const GATEWAY = 'titian'
const ROWS = 1000
const PASS_MS = 3000
const LOCK_SECONDS = 5

/**
 * Moves every index to the ring's newest index key, some pages at each turn of the sweeper; a killed process is gone on from. It
 * begins when the key's time has come, every process that runs has it, and whoever writes indexes has ended.
 */
export function reindexTask(deps: ReindexDeps) {
  return {
    name: 'reindex',
    everyMs: 0,
    async run(db: Pool): Promise<number> {
      const target = indexKeysOf(deps.ring).at(-1)
      const state = await readIndexKey(db)
      if (state.movingTo === null) {
        if (target === undefined || target.version <= state.version || !isDue(target.from)) return 0
        if (!(await begin(db, deps, target.version))) return 0
      }
      return moveOn(db, deps, performance.now() + PASS_MS)
    },
  }
}

function isDue(from: string | undefined): boolean {
  return from === undefined || Date.parse(from) <= Date.now()
}

/** Lets nobody write indexes from now on; false where somebody does not have the key yet, or still writes. */
async function begin(db: Pool, { ring, crash, isBusy }: ReindexDeps, version: number): Promise<boolean> {
  wrapOf(ring, version)
  if ((await countWithoutIndexKey(db, version, PRESENT_SECONDS)) > 0) return false
  return inTransaction(db, async (tx) => {
    if (!(await lockIndexes(tx, LOCK_SECONDS))) return false
    // Under the lock nobody can begin either.
    if ((await countWithoutIndexKey(tx, version, PRESENT_SECONDS)) > 0 || (await isBusy(tx))) return false
    await beginMoving(tx, version)
    await appendAudit(tx, { actor: GATEWAY, action: 'keys.reindexing', object: 'index', details: { version } })
    crash('reindex:before-begin')
    return true
  })
}

/** Moves rows until a moment; when nothing is left, lets the new key work. */
async function moveOn(db: Pool, deps: ReindexDeps, end: number): Promise<number> {
  let moved = 0
  for (const table of INDEXED_TABLES) {
    for (let done = false; !done; ) {
      if (performance.now() >= end) return moved
      const did = await inTransaction(db, (tx) => movePage(tx, deps, table))
      moved += did.moved
      if (did.isHeld) return moved
      done = did.isDone
    }
  }
  await inTransaction(db, (tx) => finish(tx, deps))
  return moved
}

type Did = { moved: number; isDone: boolean; isHeld: boolean }

/** Moves rows of some pages. A row that somebody else changes may come to stand in pages that were passed: a table is done when a whole pass met none. */
async function movePage(tx: PoolClient, deps: ReindexDeps, table: IndexedTable): Promise<Did> {
  const { version, movingTo } = await readIndexKey(tx)
  if (movingTo === null) return { moved: 0, isDone: true, isHeld: false }
  const state = await takeMove(tx, table, movingTo)
  if (state.doneAt !== null) return { moved: 0, isDone: true, isHeld: false }
  const { rows, next, isHeld, isLast } = await lockUnmoved(tx, table, {
    version: movingTo,
    page: state.page,
    limit: ROWS,
  })
  if (rows.length > 0) {
    const [from, to] = [wrapOf(deps.ring, version), wrapOf(deps.ring, movingTo)]
    const numbersUnder = ({ wrap }: IndexWrap) =>
      hiddenNumbers((purpose, text) => wrap(deps.vault.lastingText(purpose, text)))
    const [shown, hidden] = [numbersUnder(from), numbersUnder(to)]
    const turn = {
      index: (index: string) => to.wrap(from.unwrap(index)),
      hidden: (number: string) => hidden.wrap(shown.unwrap(number)),
    }
    await replaceIndexes(
      tx,
      table,
      movingTo,
      rows.map((row) => movedRow(row, table, turn, deps.vault)),
    )
  }
  const met = BigInt(state.met) + BigInt(rows.length) + (isHeld ? 1n : 0n)
  const isDone = isLast && met === 0n
  // The same pages once more, until nothing is met in them.
  const page = rows.length > 0 ? state.page : isLast ? '0' : next
  await noteMove(tx, table, { page, met: isLast ? 0n : met, moved: rows.length, isDone })
  deps.crash('reindex:before-commit')
  return { moved: rows.length, isDone, isHeld: isHeld && isLast }
}

function movedRow(
  row: IndexedRow,
  table: IndexedTable,
  turn: { index: IndexWrap['wrap']; hidden: (number: string) => string },
  vault: Pick<Vault, 'open' | 'seal'>,
): IndexedRow {
  const { indexes, hidden, pair, sealed } = table
  const columns = movedColumns(table)
  const values = row.values.map((value, at) =>
    value === null ? null : columns[at] === hidden ? turn.hidden(value) : turn.index(value),
  )
  if (pair !== undefined) {
    const [a, b] = pair.map((column) => indexes.indexOf(column)) as [number, number]
    const [first, second] = [values[a] ?? '', values[b] ?? '']
    if (first > second) [values[a], values[b]] = [second, first]
  }
  if (sealed === undefined || row.sealed === null) return { ...row, values }
  const at = indexes.indexOf(sealed.of)
  const placeOf = (all: readonly (string | null)[]) => sealed.place(row.name ?? '', all[at] ?? '')
  return { ...row, values, sealed: vault.seal(vault.open(row.sealed, placeOf(row.values)), placeOf(values)) }
}

/** Lets the new key work; where a row is found under the old one after all, its table is gone through again. */
async function finish(tx: PoolClient, { crash }: ReindexDeps): Promise<void> {
  const { movingTo } = await readIndexKey(tx)
  if (movingTo === null) return
  for (const table of INDEXED_TABLES) {
    if (!(await hasUnmoved(tx, table, movingTo))) continue
    await noteMove(tx, table, { page: '0', met: 0n, moved: 0, isDone: false })
    return
  }
  await endMoving(tx)
  await appendAudit(tx, { actor: GATEWAY, action: 'keys.reindexed', object: 'index', details: { version: movingTo } })
  crash('reindex:before-end')
}
