import { hash } from 'node:crypto'
import { contentOf, familyFinder } from '../domain/content.ts'
import type { CleanEntry } from '../domain/entry.ts'
import type { Finding } from '../domain/finding.ts'
import { dayNumber } from '../language/calendar.ts'

// Of each key: two words of its hash, two of its content's, and the reference date.
const WORDS = 5
const FIRST_SLOTS = 2 ** 10
/** 80 MB; a file with more subjects than three quarters of it is compared no further. */
const MOST_SLOTS = 2 ** 22

/** What one record states: the hashes of its key and content, and its reference date as YYYYMMDD, 0 for none. */
type Stated = { key: Buffer; content: Buffer; day: number }

/**
 * The keys of one file, and what was said under each: finds the entries that the push would hold since their key stands twice with
 * other content. It holds hashes of 8 bytes each in one table, so that its memory is bounded whatever the size of the file.
 */
export class FileKeys {
  #table = new Uint32Array(FIRST_SLOTS * WORDS)
  #used = 0
  #isFull = false
  readonly #mostSlots: number

  constructor(mostSlots = MOST_SLOTS) {
    this.#mostSlots = mostSlots
  }

  /** The entry as the push would judge it: held with `key-twice` at each record whose key stands on an earlier line with other content. */
  judge(entry: CleanEntry): CleanEntry {
    if (entry.verdict !== 'accepted') return entry
    const familyOf = familyFinder(entry.records)
    const own = new Map<string, string>()
    const findings: Finding[] = []
    const fresh: Stated[] = []
    for (const record of entry.records) {
      const name = `${record.level}|${record.key}`
      const text = contentOf(record, familyOf(record))
      const same = own.get(name)
      own.set(name, text)
      const [key, content] = [digest(name), digest(text)]
      const stated = { key, content, day: dayNumber(record.asOf) || 0 }
      const stands = same === undefined ? this.#standing(stated) : same === text ? 'same' : 'twice'
      if (stands === 'twice') findings.push({ code: 'key-twice', severity: 'hold', path: record.path })
      if (stands === 'older') findings.push({ code: 'as-of-older', severity: 'warning', path: record.path })
      if (stands === 'new' || stands === 'later') fresh.push(stated)
    }
    const told = findings.length > 0 ? { ...entry, findings: [...entry.findings, ...findings] } : entry
    if (findings.some(({ severity }) => severity === 'hold')) return { ...told, verdict: 'held', records: [] }
    return fresh.every((stated) => this.#put(stated)) ? told : this.#sayFull(told)
  }

  #sayFull(entry: CleanEntry): CleanEntry {
    if (this.#isFull) return entry
    this.#isFull = true
    return { ...entry, findings: [...entry.findings, { code: 'keys-uncompared', severity: 'warning', path: '' }] }
  }

  /** What a record is beside what stands under its key: the later reference date decides, as at the push. */
  #standing({ key, content, day }: Stated): 'new' | 'same' | 'later' | 'older' | 'twice' {
    const slot = this.#find(this.#table, key)
    if (!this.#isTaken(slot)) return 'new'
    if (this.#holds(slot, content)) return 'same'
    const before = this.#table[slot + 4] ?? 0
    if (day === 0 || before === 0 || day === before) return 'twice'
    return day > before ? 'later' : 'older'
  }

  /** Lets a content stand under its key; false when there is no room for one more key. */
  #put({ key, content, day }: Stated): boolean {
    const isKnown = this.#isTaken(this.#find(this.#table, key))
    if (!isKnown && 4 * this.#used >= 3 * (this.#table.length / WORDS) && !this.#grow()) return false
    const slot = this.#find(this.#table, key)
    for (let word = 0; word < 2; word++) {
      this.#table[slot + word] = key.readUInt32LE(word * 4) || 1
      this.#table[slot + 2 + word] = content.readUInt32LE(word * 4)
    }
    this.#table[slot + 4] = day
    if (!isKnown) this.#used += 1
    return true
  }

  #grow(): boolean {
    const slots = (this.#table.length / WORDS) * 2
    if (slots > this.#mostSlots) return false
    const wider = new Uint32Array(slots * WORDS)
    const key = Buffer.alloc(8)
    for (let slot = 0; slot < this.#table.length; slot += WORDS) {
      if (!this.#isTaken(slot)) continue
      key.writeUInt32LE(this.#table[slot] as number, 0)
      key.writeUInt32LE(this.#table[slot + 1] as number, 4)
      wider.set(this.#table.subarray(slot, slot + WORDS), this.#find(wider, key))
    }
    this.#table = wider
    return true
  }

  /** The slot of a key, or the free one where it would go. */
  #find(table: Uint32Array, key: Buffer): number {
    const first = key.readUInt32LE(0) || 1
    const second = key.readUInt32LE(4) || 1
    const mask = table.length / WORDS - 1
    for (let at = first & mask; ; at = (at + 1) & mask) {
      const slot = at * WORDS
      if (table[slot] === 0 || (table[slot] === first && table[slot + 1] === second)) return slot
    }
  }

  #isTaken(slot: number): boolean {
    return this.#table[slot] !== 0
  }

  #holds(slot: number, content: Buffer): boolean {
    return this.#table[slot + 2] === content.readUInt32LE(0) && this.#table[slot + 3] === content.readUInt32LE(4)
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
