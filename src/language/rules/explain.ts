import type { CanonicalRecord } from '../../domain/entry.ts'
import { REFERENCE_DATE } from './condition.ts'
import { type GenerationContext, judgeOf } from './generate.ts'
import { bare } from './locals.ts'
import { hasAllMembers, type Judge } from './members.ts'
import type { Condition } from './rule.ts'

/** A variable of one record, by its bare name. */
export type RecordField = { record: CanonicalRecord; field: string }

/** An answer, the filled variables that it rests on, and the empty ones for want of which there is none. */
export type Explained = { truth: boolean | undefined; deciding: RecordField[]; missing: RecordField[] }

type Explainer = (...args: Parameters<Judge>) => Explained

const MEMBERS_STATED = 'jumlah_anggota_keluarga'

/** As the function of a condition, slower, and with what it rests on: for the few records that somebody looks at. */
export function explainerOf(
  level: 'keluarga' | 'individu',
  condition: Condition,
  context: GenerationContext,
): Explainer {
  if ('test' in condition) return leaf(level, condition, context)
  if ('not' in condition) {
    const within = explainerOf(level, condition.not, context)
    return (...args) => flipped(within(...args))
  }
  if ('anyMember' in condition) return ofMembers(explainerOf('individu', condition.anyMember, context))
  const every = 'all' in condition
  const parts = (every ? condition.all : condition.any).map((part) => explainerOf(level, part, context))
  return (...args) => {
    const explained = parts.map((part) => part(...args))
    return every ? flipped(oneOf(explained.map(flipped))) : oneOf(explained)
  }
}

function leaf(
  level: 'keluarga' | 'individu',
  condition: Extract<Condition, { test: string }>,
  context: GenerationContext,
): Explainer {
  const judge = judgeOf(level, condition, context, 'explain')
  const keys = Object.values(condition.of).filter((key) => key !== REFERENCE_DATE)
  return (record, family, ...rest) => {
    const truth = judge(record, family, ...rest)
    const fields = keys.map((key) => ({ record: key.startsWith(`${level}.`) ? record : family, field: bare(key) }))
    const filled = fields.filter((one) => one.record.fields[one.field] !== undefined)
    if (truth !== undefined) return { truth, deciding: filled, missing: [] }
    return { truth, deciding: [], missing: fields.filter((one) => !filled.includes(one)) }
  }
}

function flipped({ truth, ...rest }: Explained): Explained {
  return { truth: truth === undefined ? undefined : !truth, ...rest }
}

/** Whether one of several is so: those that are decide; else those that are not known; else all. */
function oneOf(parts: readonly Explained[]): Explained {
  const so = parts.filter(({ truth }) => truth === true)
  if (so.length > 0) return joined(true, so)
  const unknown = parts.filter(({ truth }) => truth === undefined)
  return unknown.length > 0 ? joined(undefined, unknown) : joined(false, parts)
}

function joined(truth: boolean | undefined, parts: readonly Explained[]): Explained {
  return {
    truth,
    deciding: parts.flatMap(({ deciding }) => deciding),
    missing: parts.flatMap(({ missing }) => missing),
  }
}

function ofMembers(within: Explainer): Explainer {
  return (_, family, records, ...rest) => {
    const members = records.filter(({ level }) => level === 'individu')
    const explained = oneOf(members.map((member) => within(member, family, records, ...rest)))
    if (explained.truth !== false) return explained
    const stated = { record: family, field: MEMBERS_STATED }
    if (hasAllMembers(family, records)) return { ...explained, deciding: [...explained.deciding, stated] }
    return { truth: undefined, deciding: [], missing: [stated] }
  }
}
