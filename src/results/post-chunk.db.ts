import type { PoolClient } from 'pg'
import type { Level } from '../domain/entry.ts'
import type { SubjectId } from '../domain/ids.ts'
import { countCodes, type EntryFinding, encodeReport } from '../domain/report.ts'
import { CHUNK, type ChunkState, type Counts, type Outcome } from '../domain/states.ts'
import { insertEntries, saveCounts } from '../engine/chunks/ledger.sql.ts'
import { saveReport } from '../engine/report.sql.ts'
import type { ClaimedChunk } from '../engine/stage.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { RESULT_FINDINGS, type ResultFinding } from './findings.ts'
import { latestHeads, resultPlace, type SaidResult } from './latest.db.ts'
import { compareAges } from './newer.ts'
import { noteSubjects } from './notice.sql.ts'
import { correctionsOf } from './read/corrections.ts'
import { identify, type KnownNames } from './read/identify.ts'
import type { ReadEntry, Stated } from './read/stated.ts'
import type { SubjectRegister } from './register.ts'
import {
  insertResults,
  insertStrangers,
  type LatestHead,
  lockResults,
  overtakeResults,
  type ResultWrite,
  readLatestHeads,
  type StrangerWrite,
} from './subject-result.sql.ts'

export type PostDeps = { vault: Pick<Vault, 'seal' | 'index'>; register: SubjectRegister }

/** What becomes of the entries of a chunk: written down while they are walked, in the order of their lines. */
type Work = {
  decisions: { line: number; key: null; outcome: Outcome }[]
  findings: EntryFinding[]
  writes: ResultWrite[]
  strangers: StrangerWrite[]
  overtaken: string[]
}

/** Lets the results of a chunk take effect under the lock over results: never an older one over a newer. */
export async function postChunk(
  tx: PoolClient,
  { vault, register }: PostDeps,
  chunk: ClaimedChunk,
  entries: readonly ReadEntry[],
): Promise<ChunkState> {
  await lockResults(tx)
  const stated = entries.flatMap((entry) => entry.stated ?? [])
  const known = await knownNames(tx, register, stated)
  const meant = new Map(stated.map((one) => [one, identify(one.name, one.level, known)]))
  const subjects = [...new Set([...meant.values()].flatMap((found) => ('subject' in found ? found.subject : [])))]
  const latest = await latestHeads(tx, register, subjects)
  const own = new Map((await readLatestHeads(tx, subjects)).map(({ subject, id }) => [subject, id]))
  const isRows = stated.some(({ values }) => values !== undefined)
  const held = Map.groupBy(isRows ? await register.records(tx, subjects, null) : [], ({ subject }) => subject)

  const work: Work = { decisions: [], findings: [], writes: [], strangers: [], overtaken: [] }
  const fresh = new Map<SubjectId, ResultWrite>()
  for (const { line, stated: one, findings } of entries) {
    for (const finding of findings) work.findings.push({ line, ...finding })
    const found = one && meant.get(one)
    if (one === undefined || found === undefined) decide(work, line, 'rejected')
    else if ('finding' in found) {
      say(work, line, found.finding, one.name.pointer)
      if (found.finding === 'result-subject-unknown') work.strangers.push({ line, ...factsOf(one) })
      decide(work, line, 'rejected')
    } else {
      const said = saidOf(
        one,
        (held.get(found.subject) ?? []).map(({ record }) => record.fields),
      )
      decide(work, line, apply(line, one, said, found.subject))
    }
  }
  await overtakeResults(tx, work.overtaken)
  await insertResults(tx, chunk, work.writes)
  await insertStrangers(tx, chunk.batch, work.strangers)
  await noteSubjects(tx, await register.platforms(tx, [...fresh.keys()]))
  await insertEntries(tx, chunk.batch, chunk.id, work.decisions)
  await saveCounts(tx, chunk.id, countsOf(work.decisions))
  if (work.findings.length > 0)
    await saveReport(tx, chunk.id, 'results', encodeReport(work.findings), countCodes(work.findings))
  return CHUNK.settled

  function apply(line: number, one: Stated, said: SaidResult, subject: SubjectId): Outcome {
    const text = JSON.stringify(said)
    const content = vault.index('content', `result|${text}`).toString('hex')
    const age = { asOf: said.asOf, version: said.version, receiptOrder: chunk.receiptOrder, line }
    const before = latest.get(subject)
    if (before?.content === content) return 'unchanged'
    if (before !== undefined && compareAges(age, before) <= 0) {
      say(work, line, 'result-older', '/as_of')
      return 'unchanged'
    }
    // What stood under the subject's own id makes room; what stands under an id that leads to it stays, lest the two part again.
    const earlier = fresh.get(subject)
    const standing = own.get(subject)
    if (earlier !== undefined) earlier.isOvertaken = true
    else if (standing !== undefined) work.overtaken.push(standing)
    const sealed = vault.seal(Buffer.from(text), resultPlace(chunk.batch, line))
    const write = { ...factsOf(one), subject, line, content, sealed, isOvertaken: false }
    work.writes.push(write)
    fresh.set(subject, write)
    latest.set(subject, { ...age, id: '', subject, batch: chunk.batch, content } satisfies LatestHead)
    return before === undefined ? 'new' : 'updated'
  }
}

async function knownNames(tx: PoolClient, register: SubjectRegister, stated: readonly Stated[]): Promise<KnownNames> {
  const numbersOf = (level: Level) =>
    stated.flatMap(({ level: own, name }) => (own === level && name.number !== undefined ? [name.number] : []))
  return {
    living: await register.living(tx, [...new Set(stated.flatMap(({ name }) => name.id ?? []))]),
    numbers: {
      individu: await register.named(tx, 'individu', [...new Set(numbersOf('individu'))]),
      keluarga: await register.named(tx, 'keluarga', [...new Set(numbersOf('keluarga'))]),
    },
  }
}

/** What is said of a subject: a row of the DTSEN corrects what records at hand say otherwise. */
function saidOf({ said, values }: Stated, held: readonly Readonly<Record<string, string | number>>[]): SaidResult {
  return values === undefined ? said : { ...said, corrections: correctionsOf(values, held) }
}

function factsOf({ level, said, region }: Stated) {
  const { version, asOf, status, reason } = said
  return { level, version, asOf, status, reason, region }
}

function decide(work: Work, line: number, outcome: Outcome): void {
  work.decisions.push({ line, key: null, outcome })
}

function say(work: Work, line: number, code: ResultFinding, path: string): void {
  work.findings.push({ line, code, severity: RESULT_FINDINGS[code].severity, path })
}

function countsOf(decisions: Work['decisions']): Counts {
  const counts: Counts = { new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0 }
  for (const { outcome } of decisions) counts[outcome] += 1
  return counts
}
