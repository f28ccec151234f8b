import { placeOf } from '../../../domain/content.ts'
import type { Severity } from '../../../domain/finding.ts'
import type { BatchId, FamilyId, PersonId } from '../../../domain/ids.ts'
import type { EntryFinding } from '../../../domain/report.ts'
import type { Outcome } from '../../../domain/states.ts'
import { ERASED } from '../../../engine/erase/holding.ts'
import { ENGINE_FINDINGS } from '../../../engine/findings.ts'
import type { KeptRecord } from '../../compare/features.ts'
import { LINK_FINDINGS } from '../../findings.ts'
import type { IncomingRecord, Indexer, NamedIndexes, Prepared } from '../../subjects/prepare.ts'
import type { SourceRecord } from '../../subjects/source-record.ts'
import { type Index, type LastSeen, newSubject, type Subject } from '../../subjects/subject.ts'
import { FamilyRegister, namesFamily } from '../families/family-register.ts'
import { KeyStates, type LedgerView, type RecordStatus } from './key-states.ts'
import type { Loaded } from './loaded-records.ts'

/** The batch of the entries, and how indexes and new ids are made. */
export type DecidingContext = {
  batch: BatchId
  platform: string
  dataset: string
  /** Somebody has released the entries for their reused keys: they go on. */
  isReleased: boolean
  index: Indexer
  newPerson: () => PersonId
  newFamily: () => FamilyId
}

/** What becomes of one entry. */
export type EntryDecision = { line: number; key: Index | null; outcome: Outcome }

/** A source record to be written. */
export type RecordChange = {
  incoming: IncomingRecord
  /** Nothing is stored under its key. */
  isNew: boolean
  /** What is stored under its key so far. */
  before: KeptRecord | undefined
  /** The subject that the record has so far: that of its key, else a new one. Persons are found in later steps. */
  subject: Subject
  source: SourceRecord
}

/** What was decided about the entries of a chunk. */
export type DecidedEntries = {
  decisions: EntryDecision[]
  findings: EntryFinding[]
  /** Source records to be written, by key. */
  changes: ReadonlyMap<Index, RecordChange>
  /** Where keys with a conflict were last seen. */
  lastSeen: ReadonlyMap<Index, LastSeen>
  /** The families that the entries named; to be resolved before anybody asks for one. */
  register: FamilyRegister
}

type JudgedRecord = { incoming: IncomingRecord; status: RecordStatus; named: NamedIndexes }

/** Decides about each entry, in the order of lines. */
export function decide(
  entries: readonly Prepared[],
  loaded: Loaded,
  ledger: LedgerView,
  context: DecidingContext,
): DecidedEntries {
  const decider = new Decider(loaded, ledger, context)
  const findings: EntryFinding[] = []
  const decisions = entries.map((entry): EntryDecision => {
    const { line, key, verdict } = entry
    if (verdict !== 'accepted') return { line, key, outcome: verdict }
    const { outcome, found } = decider.decide(entry)
    findings.push(...found)
    return { line, key, outcome }
  })
  return { decisions, findings, changes: decider.changes, lastSeen: decider.keys.lastSeen, register: decider.register }
}

/** The state between one entry and the next: keys, families and changes so far. */
class Decider {
  readonly changes = new Map<Index, RecordChange>()
  readonly keys: KeyStates
  readonly register: FamilyRegister
  private readonly loaded: Loaded
  private readonly erased: ReadonlySet<Index>
  private readonly context: DecidingContext

  constructor(loaded: Loaded, ledger: LedgerView, context: DecidingContext) {
    const families = [...loaded.subjects.values()].filter(({ level }) => level === 'keluarga')
    this.keys = new KeyStates(loaded, ledger)
    this.register = new FamilyRegister(families, loaded.identifiers)
    this.loaded = loaded
    this.erased = ledger.erased
    this.context = context
  }

  decide(entry: Prepared): { outcome: Outcome; found: EntryFinding[] } {
    const erased = entry.records.find(({ key }) => this.erased.has(key))
    if (erased !== undefined) return { outcome: 'rejected', found: [erasedFinding(erased)] }
    const judged = this.judge(entry)
    const found = problemsOf(judged, this.context)
    if (found.some(({ severity }) => severity === 'hold')) return { outcome: 'held', found }
    for (const { incoming, status } of judged) if (!isLeftOut(status)) this.keys.meet(incoming)
    const changed = judged.filter(isChanged)
    // The family first, so that its members find it.
    for (const one of changed) if (one.incoming.level === 'keluarga') this.takeFamily(one)
    for (const one of changed) if (one.incoming.level === 'individu') this.takePerson(one)
    if (changed.length === 0) return { outcome: 'unchanged', found }
    return { outcome: judged[0]?.status === 'new' ? 'new' : 'updated', found }
  }

  private judge({ key: entry, records }: Prepared): JudgedRecord[] {
    const { platform, index } = this.context
    const own = new Map<Index, Index>()
    const judged = records.map((incoming): JudgedRecord => {
      const same = own.get(incoming.key)
      own.set(incoming.key, incoming.content)
      const status =
        same === undefined
          ? this.keys.statusOf(incoming, entry)
          : same === incoming.content
            ? 'unchanged'
            : 'key-conflict'
      return { incoming, status, named: {} }
    })
    // An entry that brings nothing new is not looked up any further: most are, when a snapshot comes again.
    if (judged.some(isChanged)) {
      // The key of a family that stands for another one leads to that one's household, too.
      const isReused = records.some(({ level, isKeyReused }) => level === 'keluarga' && isKeyReused)
      for (const one of judged) {
        const named = one.incoming.named(platform, index)
        one.named = isReused ? withoutHousehold(named) : named
      }
    }
    return judged
  }

  private takeFamily({ incoming, named }: JudgedRecord): void {
    const { line } = incoming
    const before = this.loaded.records.get(incoming.key)?.subject
    const id = this.register.familyOf(named, before, line, this.context.newFamily)
    this.take(incoming, this.register.noteRecord(id, line), undefined)
  }

  private takePerson({ incoming, named }: JudgedRecord): void {
    const { newPerson, newFamily } = this.context
    const person = this.personBefore(incoming) ?? newSubject(newPerson(), 'individu')
    const family = namesFamily(named) ? this.register.familyOf(named, undefined, incoming.line, newFamily) : undefined
    this.take(incoming, person, family)
  }

  /** The person that the record belongs to so far. */
  private personBefore({ key }: IncomingRecord): Subject | undefined {
    const before = this.loaded.records.get(key)
    if (before === undefined) return undefined
    const person = before.subject && this.loaded.subjects.get(before.subject)
    if (person === undefined) throw new Error(`a record leads to ${before.subject}, which is not there`)
    return person
  }

  private take(incoming: IncomingRecord, subject: Subject, family: FamilyId | undefined): void {
    const { key, record, content, family: ofEntry } = incoming
    const { platform, dataset } = this.context
    const open = () => ({ ...placeOf(record, ofEntry), ...record })
    const source = { key, platform, dataset, content, open, family }
    const stored = this.loaded.records.get(key)
    this.changes.set(key, { incoming, isNew: stored === undefined, before: stored?.record, subject, source })
    this.keys.take(incoming)
  }
}

function withoutHousehold({ household: _, ...named }: NamedIndexes): NamedIndexes {
  return named
}

function isChanged({ status }: JudgedRecord): boolean {
  return status === 'new' || status === 'updated'
}

/** What is known is newer, and stays. */
function isLeftOut(status: RecordStatus): boolean {
  return status === 'superseded' || status === 'as-of-older'
}

/** The entry as a whole is refused: what is left of it without the person is the source's to say. */
function erasedFinding({ line, path }: IncomingRecord): EntryFinding {
  return { line, code: ERASED, severity: ENGINE_FINDINGS[ERASED].severity, path }
}

function problemsOf(judged: readonly JudgedRecord[], { isReleased }: DecidingContext): EntryFinding[] {
  const findings = new Map<string, EntryFinding>()
  // A row may carry a person and the family: what is found of both is told once, the worse of the two.
  const add = (
    { line, path }: IncomingRecord,
    code: keyof typeof LINK_FINDINGS,
    severity: Severity = LINK_FINDINGS[code].severity,
  ) => {
    const place = `${code} ${path}`
    if (findings.get(place)?.severity !== 'hold') findings.set(place, { line, code, severity, path })
  }
  for (const { incoming, status } of judged) {
    // Once released, the record has a subject of its own; the finding goes on to tell that the key is shared.
    if (incoming.isKeyReused) add(incoming, 'key-reused', status === 'new' && !isReleased ? 'hold' : 'warning')
    if (status === 'key-conflict') add(incoming, 'key-twice')
    if (status === 'as-of-older') add(incoming, 'as-of-older')
    if (status === 'superseded') add(incoming, 'superseded')
  }
  return [...findings.values()]
}
