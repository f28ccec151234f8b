import { normalizeLabel } from '../../clean/codes/codes.ts'
import { isRegionField } from '../../domain/region.ts'
import type { Variable } from '../../language/canonical.ts'
import type { Kind } from './infer.ts'
import type { Knowledge } from './knowledge.ts'
import type { Column } from './sample.ts'
import { wordsOf } from './similar.ts'

export type RecordLevel = 'keluarga' | 'individu'
/** A column of the sample with what was found out about it. */
export type Seen = Column & { kind: Kind }
export type Assigned = { column: Seen; variable: Variable; score: number }

const LIKELY = 0.6
const HARDLY = 0.15
const SURE = 0.9
const NUMBERS = ['nomor_induk_kependudukan', 'nomor_kartu_keluarga']
/** Nothing that the national standard asks for, and much that does harm where it leaks. */
const SENSITIVE = [
  ['ibu', 'kandung'],
  ['gadis'],
  ['telepon'],
  ['telp'],
  ['hp'],
  ['handphone'],
  ['email'],
  ['rekening'],
  ['sandi'],
  ['password'],
  ['foto'],
]

/** Gives each column the likeliest variable of these levels, no variable twice; what fits none is left out. */
export function assign(columns: readonly Seen[], levels: readonly RecordLevel[], knowledge: Knowledge): Assigned[] {
  const offers = columns
    .filter(({ name }) => !isSensitive(name))
    .flatMap((column) =>
      levels.flatMap((level) =>
        knowledge
          .candidates(column.name, level)
          .map(({ score, variable }) => ({ column, variable, score: withLabels(column, variable, score, knowledge) }))
          .filter(({ score, variable }) => score >= LIKELY && fits(column, variable, score)),
      ),
    )
    .sort((a, b) => b.score - a.score)
  const taken = { columns: new Set<Seen>(), keys: new Set<string>() }
  const assigned: Assigned[] = []
  for (const offer of offers) {
    if (taken.columns.has(offer.column) || taken.keys.has(offer.variable.key)) continue
    taken.columns.add(offer.column)
    taken.keys.add(offer.variable.key)
    assigned.push(offer)
  }
  return assigned.sort((a, b) => columns.indexOf(a.column) - columns.indexOf(b.column))
}

/** A name that is only somewhat alike is believed where the labels are those of the variable. */
function withLabels({ kind }: Seen, variable: Variable, score: number, knowledge: Knowledge): number {
  if (kind.is !== 'labels' || variable.type !== 'code' || score >= LIKELY || score < HARDLY) return score
  const known = knowledge.labels(variable)
  const share = kind.labels.filter((label) => known.has(normalizeLabel(label))).length / kind.labels.length
  return share >= 0.5 ? Math.max(score, LIKELY + 0.2 * share) : score
}

/** Whether a name says that the column should not be carried at all. */
export function isSensitive(name: string): boolean {
  const words = wordsOf(name)
  return SENSITIVE.some((sign) => sign.every((word) => words.includes(word)))
}

function fits({ kind, name: column }: Seen, { name, level, type }: Variable, score: number): boolean {
  // What stands on the identity card is another matter than where somebody lives.
  if (name.endsWith('_ktp') && score < SURE && !wordsOf(column).includes('ktp')) return false
  if (level === 'keluarga' && isRegionField(name)) return false
  if (NUMBERS.includes(name)) return kind.is === 'number16' || score >= SURE
  switch (type) {
    case 'date':
      return kind.is === 'date'
    case 'integer':
      return kind.is === 'number'
    case 'code':
      return ['labels', 'yes-no', 'boolean'].includes(kind.is) || (kind.is === 'number' && kind.whole)
    default:
      return kind.is === 'text' || kind.is === 'labels' || (kind.is === 'number' && kind.whole)
  }
}
