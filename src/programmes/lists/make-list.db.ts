import type { Pool } from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { ListId, SubjectId } from '../../domain/ids.ts'
import type { Crash } from '../../io/observe/crash.ts'
import { inTransaction } from '../../io/postgres/postgres.ts'
import { type EvaluateDeps, evaluate } from '../facts/evaluate.db.ts'
import type { Evaluated, ListFrame } from '../facts/evaluated.ts'
import type { PageSubjects } from '../facts/household.ts'
import type { CompiledProgramme } from '../rules/compile-programme.ts'
import {
  addPage,
  addVerdicts,
  beginList,
  finishList,
  freeList,
  type ListPage,
  leaseList,
  readNewestList,
} from './list.sql.ts'
import type { StoredList } from './stored-list.ts'
import { countDecile, type DecileUse, type VillageCount } from './tally.ts'
import { addVillages } from './verdict.sql.ts'

export type MakeListDeps = EvaluateDeps & {
  db: Pool
  crash: Crash
  pageSubjects: PageSubjects
  newList: () => ListId
  /** Milliseconds of a clock that only goes forward. */
  timer: () => number
}

/** Subjects of one page: some 50 ms of work, so that others of the process get their turn in between. */
const PAGE = 500
/** A list whose maker is gone goes on after so long. */
const LEASE_SECONDS = 30
/** How long one request works on a list before it asks its caller to come back. */
const BUDGET_MS = 20_000

/**
 * The list of today by the rule of today: the one that is there, or a new one. It is made by whoever asks, page by page, and kept
 * page by page: who comes back goes on where the last one stopped. Throws `list-making` when it takes longer than a request may.
 */
export async function listOfToday(
  deps: MakeListDeps,
  compiled: CompiledProgramme,
  frame: ListFrame,
): Promise<StoredList> {
  const newest = await readNewestList(deps.db, keyOf(compiled, frame))
  if (newest?.day === frame.day && newest.digest === compiled.digest) return newest
  return makeList(deps, compiled, frame)
}

/** A new list, whatever is there. Throws `list-making` as `listOfToday` does. */
export async function makeList(deps: MakeListDeps, compiled: CompiledProgramme, frame: ListFrame): Promise<StoredList> {
  const { db, crash, timer } = deps
  const key = keyOf(compiled, frame)
  const { digest, programme } = compiled
  await inTransaction(db, (tx) =>
    beginList(tx, { ...key, id: deps.newList(), version: programme.version, digest, day: frame.day }),
  )
  let list = await leaseList(db, key, LEASE_SECONDS)
  if (list === undefined) throw stillMaking()
  for (const end = timer() + BUDGET_MS; ; ) {
    const { subjects, next } = await deps.pageSubjects(frame.platform, programme.unit, list.after, PAGE)
    list = await savePage(deps, compiled, frame, list, subjects, next)
    crash('programmes:page')
    if (next === null) break
    if (timer() < end) continue
    await freeList(db, list.id)
    throw stillMaking()
  }
  const made = list
  const isMine = await inTransaction(db, (tx) => finishList(tx, made))
  const ready = isMine ? await readNewestList(db, key) : undefined
  if (ready === undefined) throw stillMaking()
  return ready
}

function keyOf({ programme }: CompiledProgramme, { platform, region }: ListFrame) {
  return { platform, programme: programme.name, region }
}

function stillMaking(): TitianError {
  return new TitianError('list-making', undefined, { retryAfterSeconds: 2 })
}

async function savePage(
  deps: MakeListDeps,
  compiled: CompiledProgramme,
  frame: ListFrame,
  list: StoredList,
  subjects: readonly SubjectId[],
  next: string | null,
): Promise<StoredList> {
  const evaluated = await evaluate(deps, frame, subjects, [compiled])
  const here = evaluated.filter(({ within }) => within !== 'outside')
  const found = here.flatMap(({ resident, verdict: { eligibility: verdict } }) =>
    verdict === 'not-eligible' ? [] : [{ subject: resident.self.subject, verdict }],
  )
  const deciles: DecileUse[] = structuredClone(list.deciles)
  for (const { facts } of here) countDecile(deciles, facts, compiled.variables)
  const candidates = found.filter(({ verdict }) => verdict === 'candidate').length
  const page: ListPage = {
    // The end of the subjects is no place to go on from: a list that was broken off there only counts to its end again.
    next: next ?? END,
    residents: here.length,
    candidates,
    undecided: found.length - candidates,
    elsewhere: evaluated.length - here.length,
    deciles,
  }
  const isSaved = await inTransaction(deps.db, async (tx) => {
    if (!(await addPage(tx, list, page, LEASE_SECONDS))) return false
    await addVerdicts(tx, list.id, found)
    await addVillages(tx, list.id, villagesOf(here))
    return true
  })
  if (!isSaved) throw stillMaking()
  return { ...list, after: page.next, deciles }
}

/** Behind the id of every subject. */
const END = `per_${'z'.repeat(26)}`

function villagesOf(here: readonly Evaluated[]): VillageCount[] {
  const counts = new Map<string, VillageCount>()
  for (const { resident, verdict } of here) {
    const { place } = resident.household
    const village = place?.length === 10 ? place : ''
    const count = counts.get(village) ?? { village, residents: 0, candidates: 0, undecided: 0 }
    count.residents += 1
    if (verdict.eligibility === 'candidate') count.candidates += 1
    if (verdict.eligibility === 'undecided') count.undecided += 1
    counts.set(village, count)
  }
  // In one order, so that two makers of one list never wait for each other in a circle.
  return [...counts.values()].sort((a, b) => (a.village < b.village ? -1 : 1))
}
