import { hash } from 'node:crypto'

/** What one line of a delivery does to a subject. The hash stands for the record, which is not kept. */
export type Effect = {
  subject: string
  level: 'keluarga' | 'individu'
  version: number
  hash: Buffer
  entries: [string, number][]
  merged: string[]
  /** No record is left of the subject. */
  withdrawn: boolean
}

/** What a delivery says it holds, as far as this side checks it. */
export type ClaimedCounts = { keluarga: number; individu: number; entries: number }

const SUBJECT = /^(per|fam)_[0-9a-z]{26}$/

/** Reads the lines of a delivery; undefined when one is no record, a subject comes twice, or the sums are not as claimed. */
export function readDelivered(ndjson: string, claim: ClaimedCounts): Effect[] | undefined {
  const effects: Effect[] = []
  const counts = { keluarga: 0, individu: 0 }
  const subjects = new Set<string>()
  const entries = new Set<string>()
  for (const text of ndjson.split('\n')) {
    if (text === '') continue
    const effect = effectOf(text)
    if (effect === undefined) return undefined
    counts[effect.level] += 1
    subjects.add(effect.subject)
    for (const [batch, line] of effect.entries) entries.add(`${batch}:${line}`)
    effects.push(effect)
  }
  const isWhole =
    subjects.size === effects.length &&
    entries.size === claim.entries &&
    counts.keluarga === claim.keluarga &&
    counts.individu === claim.individu
  return isWhole ? effects : undefined
}

function effectOf(text: string): Effect | undefined {
  const line = parsed(text)
  if (!isObject(line)) return undefined
  const { subject, level, version, record, extensions, entries, merged = [], kind, reason } = line
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) return undefined
  if (level !== 'keluarga' && level !== 'individu') return undefined
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return undefined
  if (!isEntries(entries) || !isSubjects(merged)) return undefined
  const withdrawn = kind === 'withdrawn'
  if (withdrawn ? typeof reason !== 'string' : !isObject(record)) return undefined
  // The subject's random id makes the hash useless for guessing what was hashed.
  const content = JSON.stringify(
    withdrawn ? [subject, level, kind, reason] : [subject, level, record, extensions ?? null],
  )
  return { subject, level, version, hash: hash('sha256', content, 'buffer'), entries, merged, withdrawn }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEntries(value: unknown): value is [string, number][] {
  return Array.isArray(value) && value.every((pair) => Array.isArray(pair) && isEntry(pair))
}

function isEntry(pair: unknown[]): boolean {
  return pair.length === 2 && typeof pair[0] === 'string' && Number.isSafeInteger(pair[1])
}

function isSubjects(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string' && SUBJECT.test(id))
}
