import type { IncomingRecord } from '../../subjects/prepare.ts'
import type { Index, LastSeen } from '../../subjects/subject.ts'
import type { LoadedRecord } from './loaded-records.ts'

/** What a record is, beside what is known under its key. */
export type RecordStatus = 'new' | 'updated' | 'unchanged' | 'as-of-older' | 'superseded' | 'key-conflict'

/** The batch that is being linked, and what the ledger of entries says about the entry keys of this chunk. */
export type LedgerView = {
  batch: string
  order: bigint
  /** Entry keys that this very batch has brought before, and on which line. */
  seen: ReadonlyMap<Index, number>
  /** Entry keys that a newer batch has confirmed already. */
  overtaken: ReadonlySet<Index>
  /** Keys of records and of entries that a withdrawal received later took away. */
  withdrawn: ReadonlySet<Index>
  /** Keys of the records that state an erased person. */
  erased: ReadonlySet<Index>
  /** A snapshot of the whole dataset was received later: what is not known by now was not in it. */
  isBeforeSnapshot: boolean
  /** The last day that a reference date can be of, ISO; a stored one after it is a mistake and overrules nothing. */
  lastDay: string
}

/**
 * How the keys of a chunk stand while its entries are decided line by line. The latest reference date decides; where it is
 * the same or not stated the newest batch, and within one batch the first line. A later line with other content is a key
 * conflict. The order in which chunks are worked does not matter.
 */
export class KeyStates {
  /** Where keys with a conflict were last seen, to be saved. */
  readonly lastSeen = new Map<Index, LastSeen>()
  private readonly stored: ReadonlyMap<Index, LoadedRecord>
  private readonly conflicts: ReadonlyMap<Index, LastSeen>
  private readonly ledger: LedgerView
  /** First lines of the keys that this chunk has brought. */
  private readonly met = new Map<Index, number>()
  /** What this chunk has put in the place of the stored records. */
  private readonly taken = new Map<Index, Pick<LoadedRecord, 'content' | 'record'>>()

  constructor(
    { records, conflicts }: { records: ReadonlyMap<Index, LoadedRecord>; conflicts: ReadonlyMap<Index, LastSeen> },
    ledger: LedgerView,
  ) {
    this.stored = records
    this.conflicts = conflicts
    this.ledger = ledger
  }

  /** What a record of the entry with this key is. */
  statusOf(incoming: IncomingRecord, entry: Index | null): RecordStatus {
    const { key, content, line } = incoming
    const stored = this.stored.get(key)
    const standing = this.taken.get(key) ?? stored
    if (standing === undefined) return this.isTakenBack(key, entry) ? 'superseded' : 'new'
    const first = this.firstLine(key, entry)
    if (standing.content === content) {
      if (this.conflictOf(key) !== undefined) this.noteLastSeen(key, Math.min(line, first ?? line))
      return 'unchanged'
    }
    const days = this.compareDays(incoming.record.asOf, standing.record?.asOf)
    if (days < 0) return 'as-of-older'
    if (days > 0) {
      if (this.conflictOf(key) !== undefined) this.noteLastSeen(key, line)
      return 'updated'
    }
    if (first !== undefined) {
      const earliest = Math.min(line, first)
      this.noteLastSeen(key, earliest)
      return earliest < first ? 'updated' : 'key-conflict'
    }
    const { order, overtaken } = this.ledger
    const isOlder = stored !== undefined && stored.receiptOrder > order
    if (isOlder || (entry !== null && overtaken.has(entry))) return 'superseded'
    if (this.conflictOf(key) !== undefined) this.noteLastSeen(key, line)
    return 'updated'
  }

  /** Whether what was received later took the record away, though nobody knew it yet. */
  private isTakenBack(key: Index, entry: Index | null): boolean {
    const { withdrawn, isBeforeSnapshot } = this.ledger
    return isBeforeSnapshot || withdrawn.has(key) || (entry !== null && withdrawn.has(entry))
  }

  /** Notes that an entry which was not held brings the key. */
  meet({ key, line }: IncomingRecord): void {
    if (!this.met.has(key)) this.met.set(key, line)
  }

  /** Notes that the record's content stands from now on. */
  take({ key, content, record }: IncomingRecord): void {
    this.taken.set(key, { content, record })
  }

  /** Which reference date is the later one: above 0 the given; 0 where the two do not tell. */
  private compareDays(given: string | undefined, standing: string | undefined): number {
    if (given === undefined || standing === undefined || given === standing) return 0
    if (standing > this.ledger.lastDay) return 0
    return given < standing ? -1 : 1
  }

  /** The line on which this batch has brought the key already, as far as anybody noticed. */
  private firstLine(key: Index, entry: Index | null): number | undefined {
    const met = this.met.get(key)
    if (met !== undefined) return met
    const { batch, seen } = this.ledger
    const stored = this.stored.get(key)
    if (stored?.batch === batch) return stored.line
    const conflict = this.conflictOf(key)
    if (conflict?.batch === batch) return conflict.line
    return entry === null ? undefined : seen.get(entry)
  }

  private conflictOf(key: Index): LastSeen | undefined {
    return this.lastSeen.get(key) ?? this.conflicts.get(key)
  }

  private noteLastSeen(key: Index, line: number): void {
    this.lastSeen.set(key, { batch: this.ledger.batch, line })
  }
}
