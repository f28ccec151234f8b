import type { Pool, PoolClient } from 'pg'
import type { Crash } from '../../io/observe/crash.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import type { KeyRing } from '../keys/keyring.ts'
import type { Vault } from '../keys/vault.ts'
import { SEALED_COLUMNS, type SealedColumn } from './columns.ts'
import { beginAgain, countPages, lockOutdated, nameOf, noteState, replaceSealed, takeState } from './reseal.sql.ts'

export type ResealDeps = {
  vault: Pick<Vault, 'open' | 'seal' | 'sealVersion'>
  ring: Pick<KeyRing, 'seal'>
  crash: Crash
}

const MANY = 200
const FEW = 8
const PASS_MS = 1000

/** Seals anew what other keys than the working one have sealed, some pages at each turn of the sweeper; a killed process is gone on from. */
export function resealTask(deps: ResealDeps) {
  return {
    name: 'reseal',
    everyMs: 2000,
    async run(db: Pool): Promise<number> {
      if (deps.ring.seal.length < 2) return 0
      let resealed = 0
      const end = performance.now() + PASS_MS
      for (const column of SEALED_COLUMNS) {
        while (performance.now() < end) {
          const did = await inTransaction(db, (tx) => resealPage(tx, deps, column))
          resealed += did.resealed
          if (did.is !== 'on') break
        }
      }
      return resealed
    },
  }
}

/** Seals all columns anew, until a whole pass over each has met nothing of other keys; gives how many values. */
export async function resealAll(db: Pool, deps: ResealDeps, wait: () => Promise<void>): Promise<number> {
  await beginAgain(db)
  let resealed = 0
  for (const column of SEALED_COLUMNS) {
    for (;;) {
      const did = await inTransaction(db, (tx) => resealPage(tx, deps, column))
      resealed += did.resealed
      if (did.is === 'through') break
      if (did.is === 'held') await wait()
    }
  }
  return resealed
}

type Did = { is: 'on' | 'held' | 'through'; resealed: number }

/**
 * Seals a page of values anew. Rows move while their table is walked, so a column is clean only when a whole pass has met nothing; new
 * rows are sealed under the working key by whoever writes them.
 */
async function resealPage(tx: PoolClient, { vault, crash }: ResealDeps, column: SealedColumn): Promise<Did> {
  const version = vault.sealVersion()
  const state = await takeState(tx, column, version)
  if (state === undefined) return { is: 'held', resealed: 0 }
  if (state.cleanAt !== null) return { is: 'through', resealed: 0 }
  const limit = column.isLarge ? FEW : MANY
  const { values, next, isHeld } = await lockOutdated(tx, column, { version, page: state.page, limit })
  const sealed = values.map(({ place, value, names }) => {
    const aad = column.place(names)
    return { place, value: vault.seal(vault.open(value, aad), aad) }
  })
  await replaceSealed(tx, column, sealed)
  const met = BigInt(state.met) + BigInt(values.length) + (isHeld ? 1n : 0n)
  // The same pages once more, until nothing is met in them.
  const page = values.length > 0 ? state.page : next
  const isPassed = values.length === 0 && BigInt(page) >= (await countPages(tx, column))
  const isClean = isPassed && met === 0n
  await noteState(tx, nameOf(column), {
    page: isPassed ? '0' : page,
    met: isPassed ? 0n : met,
    resealed: values.length,
    isClean,
  })
  crash('reseal:before-commit')
  if (isClean) return { is: 'through', resealed: values.length }
  return { is: isPassed && isHeld ? 'held' : 'on', resealed: values.length }
}
