import type { PoolClient } from 'pg'
import type { SubjectId } from '../../domain/ids.ts'
import { CHUNK, type ChunkState } from '../../domain/states.ts'
import type { ClaimedChunk } from '../../engine/stage.ts'
import { readAsOf } from '../../engine/withdrawals/withdrawal-batch.sql.ts'
import { Footprint } from '../resolve/ahead/footprint.ts'
import type { EntryDecision } from '../resolve/entries/decide.ts'
import { FAMILIES_AS_STORED } from '../resolve/families/family-ids.ts'
import type { LinkDeps, RecordAccess } from '../resolve/link-deps.db.ts'
import type { LinkedSubject } from '../resolve/linked-subject.ts'
import { type FoundPersons, regroup } from '../resolve/persons/find-persons.db.ts'
import { NOTHING_BROUGHT } from '../resolve/plan-linked.db.ts'
import { saveEntries, sealNothing } from '../resolve/save.db.ts'
import { saveLinked } from '../resolve/save-linked.db.ts'
import { withReviewNews } from '../resolve/tell/told-if-other.ts'
import { readWaiting, withWaiting } from '../resolve/tell/waiting.db.ts'
import { noteChange } from '../subjects/marks.sql.ts'
import { readSources } from '../subjects/source.sql.ts'
import type { Index, Subject } from '../subjects/subject.ts'
import { readSubjectsById } from '../subjects/subjects.sql.ts'
import { insertTargets, readTargets, readWithdrawal } from '../subjects/withdrawal.sql.ts'
import { changedFamilies } from './changed-families.db.ts'
import { type LinesOfSubjects, linesOfSubjects } from './lines-of-subjects.ts'
import { removeRecords } from './remove-records.db.ts'
import { findStanding } from './standing.db.ts'

/**
 * Takes the records of a withdrawal's chunk out of the subjects, and lets these follow. A subject with other records left gets
 * a golden record of the next version; persons that only a withdrawn record held together fall apart; of a subject without
 * records BPS is told that it is withdrawn. An entry is `updated` where it took a record away, else `unchanged`.
 */
export async function withdrawChunk<Composed>(
  tx: PoolClient,
  deps: LinkDeps<Composed>,
  chunk: ClaimedChunk,
  { index, open }: RecordAccess,
): Promise<ChunkState> {
  await deps.lock(tx)
  const wish = await readWithdrawal(tx, chunk.batch)
  if (wish === undefined) throw new Error(`${chunk.batch} is no withdrawal`)
  const targets = await readTargets(tx, chunk.batch, chunk)
  const asOf = await readAsOf(tx, chunk.batch)
  const { gone, entryOf } = await findStanding(tx, targets, asOf)
  const takenBy = new Set(gone.map((record) => record.takenBy))
  const decisions = Array.from({ length: chunk.entries }, (_, at): EntryDecision => {
    const line = chunk.firstLine + at
    return { line, key: entryOf.get(line) ?? null, outcome: takenBy.has(line) ? 'updated' : 'unchanged' }
  })
  await saveEntries(tx, chunk, decisions)
  if (gone.length === 0) {
    // Who read before that the records stand has not seen that they were taken away.
    await noteChange(tx, null)
    return CHUNK.settled
  }

  const named = new Set(targets.flatMap(({ record, isWhole }) => (record === null || isWhole ? [] : [record])))
  const found = gone.filter(({ key }) => !named.has(key))
  await insertTargets(
    tx,
    chunk.batch,
    asOf,
    found.map(({ takenBy: line, key }) => ({ line, entry: null, record: key, isWhole: false })),
  )
  const { blocking, neighbours } = await removeRecords(tx, gone, { model: deps.scoringModel.model, index, open })

  const lines = linesOfSubjects(gone)
  const families = await changedFamilies(tx, gone, lines, { index, open, coverage: deps.coverage })
  const { survivorship } = deps
  const placed = { families: families.linked, ids: FAMILIES_AS_STORED }
  const waiting = await readWaiting(tx, placed, { survivorship, coverage: deps.coverage, index })
  const wanted = new Set([...lines.persons.keys(), ...neighbours, ...waiting.keys()])
  const source = { brought: new Map<Index, number>(), lineOf: lines.lineOf }
  const grouped = await regroup(tx, deps, { brought: [], persons: wanted }, [], {
    families: FAMILIES_AS_STORED,
    lines: source,
    open,
    seen: new Footprint(),
  })
  const followed = withLines(grouped, lines)
  const persons = withReviewNews({ ...followed, persons: withWaiting(followed.persons, waiting) }, 'all', source)

  const { reason } = wish
  const ended = (await endedPersons(tx, lines)).map((subject) => ({
    subject,
    lines: lines.persons.get(subject.id) ?? new Set<number>(),
  }))
  const { state } = await saveLinked(
    tx,
    deps,
    chunk,
    {
      ...NOTHING_BROUGHT,
      families: { ids: FAMILIES_AS_STORED, families: families.linked, identifiers: [] },
      persons,
      blocking: { added: [], removed: blocking, renumbered: [] },
      withdrawn: [...ended, ...families.withdrawn].map((one) => ({ ...one, reason })),
      lost: gone.map(({ subject }) => subject),
    },
    { index, seal: sealNothing, open },
  )
  return state
}

/** Lets the lines that took a person's records away stand behind what became of the person. */
function withLines(found: FoundPersons, lines: LinesOfSubjects): FoundPersons {
  const into = new Map(found.merged.map(({ from, into }) => [from, into]))
  const own = new Map<SubjectId, number[]>()
  for (const [id, taken] of lines.persons) {
    const now = into.get(id) ?? id
    own.set(now, [...(own.get(now) ?? []), ...taken])
  }
  const persons = found.persons.map((person): LinkedSubject => {
    const taken = own.get(person.subject.id)
    return taken === undefined ? person : { ...person, lines: new Set([...person.lines, ...taken]) }
  })
  return { ...found, persons }
}

/** The persons whose last record went. */
async function endedPersons(tx: PoolClient, { persons }: LinesOfSubjects): Promise<Subject[]> {
  const ids = [...persons.keys()]
  const alive = new Set((await readSources(tx, ids)).map(({ subject }) => subject))
  return readSubjectsById(
    tx,
    ids.filter((id) => !alive.has(id)),
  )
}
