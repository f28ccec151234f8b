import type { BatchId, FamilyId, PersonId } from '../../domain/ids.ts'
import type { EntryFinding } from '../../domain/report.ts'
import type { Outcome } from '../../domain/states.ts'
import { LINK_FINDINGS } from '../findings.ts'
import { type Incoming, type Indexer, type Named, namesOf, type Prepared } from '../subjects/prepare.ts'
import { type Index, resolveSubject, type Subject } from '../subjects/subject.ts'
import { familyOf, namesFamily } from './family.ts'
import { type Receipt, type Status, statusOf } from './status.ts'
import { addSubject, put, type World } from './working-set.ts'

export type Linking = {
  batch: BatchId
  platform: string
  dataset: string
  receipt: Receipt
  index: Indexer
  newPerson: () => PersonId
  newFamily: () => FamilyId
}

export type Decision = { line: number; key: Index | null; outcome: Outcome }

type Judged = { incoming: Incoming; status: Status; named: Named }

/**
 * Decides about each entry in the order of lines: what stands is changed in the world, nothing else is touched. A person's record
 * stays where it was, or is somebody of its own, until the persons are found (resolve.db.ts).
 */
export function decide(
  entries: readonly Prepared[],
  world: World,
  linking: Linking,
): { decisions: Decision[]; findings: EntryFinding[] } {
  const findings: EntryFinding[] = []
  const decisions = entries.map((entry): Decision => {
    const { line, key, verdict } = entry
    if (verdict !== 'accepted') return { line, key, outcome: verdict }
    return { line, key, outcome: linkEntry(entry, world, linking, findings) }
  })
  return { decisions, findings }
}

function linkEntry(entry: Prepared, world: World, linking: Linking, findings: EntryFinding[]): Outcome {
  const judged = judge(entry, world, linking)
  const found = problemsOf(judged)
  findings.push(...found)
  if (found.some(({ severity }) => severity === 'hold')) return 'held'
  for (const { incoming, status } of judged) {
    if (status !== 'superseded' && !world.met.has(incoming.key)) world.met.set(incoming.key, incoming.line)
  }
  const changed = judged.filter(isChanged)
  // The family first, so that its members find it.
  for (const one of changed) if (one.incoming.record.level === 'keluarga') linkFamily(one, world, linking)
  for (const one of changed) if (one.incoming.record.level === 'individu') linkPerson(one, world, linking)
  if (changed.length === 0) return 'unchanged'
  return judged[0]?.status === 'new' ? 'new' : 'updated'
}

function isChanged({ status }: Judged): boolean {
  return status === 'new' || status === 'updated'
}

function judge({ key: entry, records }: Prepared, world: World, { receipt, platform, index }: Linking): Judged[] {
  const own = new Map<Index, Index>()
  const judged = records.map((incoming): Judged => {
    const same = own.get(incoming.key)
    own.set(incoming.key, incoming.content)
    const status =
      same === undefined
        ? statusOf(incoming, entry, world, receipt)
        : same === incoming.content
          ? 'unchanged'
          : 'key-conflict'
    return { incoming, status, named: {} }
  })
  // An entry that brings nothing new is not looked up any further: most are, when a snapshot comes again.
  if (judged.some(isChanged)) for (const one of judged) one.named = namesOf(one.incoming.record, platform, index)
  return judged
}

function problemsOf(judged: readonly Judged[]): EntryFinding[] {
  const findings: EntryFinding[] = []
  const add = ({ line, path }: Incoming, code: keyof typeof LINK_FINDINGS) => {
    findings.push({ line, code, severity: LINK_FINDINGS[code].severity, path })
  }
  for (const { incoming, status } of judged) {
    if (status === 'key-conflict') add(incoming, 'key-twice')
    if (status === 'superseded') add(incoming, 'superseded')
  }
  return findings
}

function linkFamily({ incoming, named }: Judged, world: World, linking: Linking): void {
  const before = world.stored.get(incoming.key)?.subject
  const family = familyOf(world, named, before && resolveSubject(before), incoming.line, linking.newFamily)
  store(incoming, family, undefined, world, linking)
}

function linkPerson({ incoming, named }: Judged, world: World, linking: Linking): void {
  const before = world.stored.get(incoming.key)?.subject
  const person = before === undefined ? addSubject(world, linking.newPerson(), 'individu') : resolveSubject(before)
  const family = namesFamily(named) ? familyOf(world, named, undefined, incoming.line, linking.newFamily) : undefined
  store(incoming, person, family, world, linking)
}

function store(
  incoming: Incoming,
  subject: Subject,
  family: Subject | undefined,
  world: World,
  { batch, platform, dataset }: Linking,
): void {
  const { key, record, content } = incoming
  const source = { key, platform, dataset, content, open: () => record, family: family?.id as FamilyId | undefined }
  put(world, incoming, subject, source, batch)
}
