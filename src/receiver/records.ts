import { hash } from 'node:crypto'

/** The kinds of lines that openapi/receiver.yaml names; one without a kind is a golden record. */
const KINDS = ['golden', 'stub', 'merged', 'withdrawn', 'restricted'] as const
type Kind = (typeof KINDS)[number]

/** What one line of a delivery does to a subject. The hash stands for the record, which is not kept. */
export type Effect = {
  subject: string
  level: 'keluarga' | 'individu'
  kind: Kind
  version: number
  /** SHA-256 in hexadecimal. */
  hash: string
  entries: [string, number][]
  merged: string[]
  /** Of a merged subject: the one that it lives on as. */
  into: string | null
  /** The family of a person. */
  family: string | null
  /** Whether the line says where the subject lives. */
  isPlaced: boolean
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
  const { subject, level, version, kind = 'golden', record, extensions, entries, merged = [] } = line
  const { into = null, family = null, region = null, reason } = line
  if (typeof subject !== 'string' || !SUBJECT.test(subject)) return undefined
  if (level !== 'keluarga' && level !== 'individu') return undefined
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return undefined
  if (!isKind(kind) || !isEntries(entries) || !isSubjects(merged)) return undefined
  if (kind === 'golden' ? !isObject(record) : record !== undefined && !isObject(record)) return undefined
  if (reason !== undefined && typeof reason !== 'string') return undefined
  if (!isNullOrSubject(into) || !isNullOrSubject(family)) return undefined
  if ((kind === 'merged') !== (into !== null)) return undefined
  if ((kind === 'withdrawn') !== (reason !== undefined)) return undefined
  if (region !== null && !isRegion(region)) return undefined
  // The subject's random id makes the hash useless for guessing what was hashed.
  const said = [subject, level, record ?? null, extensions ?? null]
  const content = JSON.stringify(kind === 'golden' ? said : [...said, kind, into ?? reason ?? null])
  const isPlaced = region !== null
  return {
    subject,
    level,
    kind,
    version,
    hash: hash('sha256', content, 'hex'),
    entries,
    merged,
    into,
    family,
    isPlaced,
  }
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
  return Array.isArray(value) && value.every(isSubject)
}

function isSubject(value: unknown): value is string {
  return typeof value === 'string' && SUBJECT.test(value)
}

function isNullOrSubject(value: unknown): value is string | null {
  return value === null || isSubject(value)
}

function isKind(value: unknown): value is Kind {
  return typeof value === 'string' && (KINDS as readonly string[]).includes(value)
}

/** A BPS code of a village or of a place around it, and the code of the other scheme where there is one. */
function isRegion(value: unknown): boolean {
  if (!isObject(value) || typeof value.bps !== 'string' || !/^([0-9]{2}|[0-9]{4}|[0-9]{7}|[0-9]{10})$/.test(value.bps))
    return false
  return value.kemendagri === null || typeof value.kemendagri === 'string'
}
