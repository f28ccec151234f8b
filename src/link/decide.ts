import type { BatchId, FamilyId, PersonId } from '../domain/ids.ts'
import type { EntryFinding } from '../domain/report.ts'
import type { Outcome } from '../domain/states.ts'
import { familyOf, namesFamily } from './family.ts'
import { LINK_FINDINGS } from './findings.ts'
import { isNikShared, personOf } from './person.ts'
import { type Incoming, type Indexer, type Named, namesOf, type Prepared } from './prepare.ts'
import { type Receipt, type Status, statusOf } from './status.ts'
import { type Index, type Subject, standing } from './subject.ts'
import { put, type World } from './world.ts'

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

/** Decides about each entry in the order of lines: what stands is changed in the world, nothing else is touched. */
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
  const found = problemsOf(judged, world)
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
      same === undefined ? statusOf(incoming, entry, world, receipt) : same === incoming.content ? 'unchanged' : 'twin'
    return { incoming, status, named: {} }
  })
  // An entry that brings nothing new is not looked up any further: most are, when a snapshot comes again.
  if (judged.some(isChanged)) for (const one of judged) one.named = namesOf(one.incoming.record, platform, index)
  return judged
}

function problemsOf(judged: readonly Judged[], world: World): EntryFinding[] {
  const findings: EntryFinding[] = []
  const add = ({ line, path }: Incoming, code: keyof typeof LINK_FINDINGS, field = '') => {
    findings.push({ line, code, severity: LINK_FINDINGS[code].severity, path: path + field })
  }
  for (const { incoming, status, named } of judged) {
    if (status === 'twin') add(incoming, 'key-twice')
    if (status === 'superseded') add(incoming, 'superseded')
    if ((status !== 'new' && status !== 'updated') || named.nik === undefined) continue
    const carriers = judged.filter((other) => other.incoming !== incoming && other.named.nik === named.nik)
    const others = carriers.map((other) => other.incoming)
    if (isNikShared(world, incoming, named.nik, others)) add(incoming, 'nik-shared', '/nomor_induk_kependudukan')
  }
  return findings
}

function linkFamily({ incoming, named }: Judged, world: World, linking: Linking): void {
  const before = world.stored.get(incoming.key)?.subject
  const family = familyOf(world, named, before && standing(before), incoming.line, linking.newFamily)
  store(incoming, family, undefined, world, linking)
}

function linkPerson({ incoming, named }: Judged, world: World, linking: Linking): void {
  const former = formerNik(incoming, world, linking)
  const person = personOf(world, incoming, named, former, linking.newPerson)
  const family = namesFamily(named) ? familyOf(world, named, undefined, incoming.line, linking.newFamily) : undefined
  store(incoming, person, family, world, linking)
}

/** The NIK that this record carried until now, if no other record of the person does. */
function formerNik({ key }: Incoming, world: World, { platform, index }: Linking): Index | undefined {
  const subject = world.stored.get(key)?.subject
  if (subject === undefined) return undefined
  const { sources } = standing(subject)
  const nikOf = (source: { open: () => Incoming['record'] }) => namesOf(source.open(), platform, index).nik
  const source = sources.get(key)
  const nik = source && nikOf(source)
  if (nik === undefined) return undefined
  for (const other of sources.values()) if (other.key !== key && nikOf(other) === nik) return undefined
  return nik
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
