import { normalizeLabel } from '../../clean/codes/codes.ts'
import type { Json } from '../../domain/entry.ts'
import type { Variable } from '../../language/canonical.ts'
import type { DraftList, DraftRow } from './draft.ts'
import { countsOf, labelsOf } from './infer.ts'
import type { Knowledge, Known } from './knowledge.ts'
import type { Column } from './sample.ts'
import { labelLikeness } from './similar.ts'

const ALIKE = 0.6

/**
 * Drafts the code list of a column for a variable: codes by known labels, else by likeness, else `keep`. Only labels that repeat or
 * are known are written: what stands once in a sample may be anything. Undefined when the column cannot hold codes.
 */
export function draftList(
  name: string,
  column: Column,
  variable: Variable,
  knowledge: Knowledge,
): DraftList | undefined {
  const counts = countsOf(column.values)
  const labels = labelsOf(column.values)
  if (labels.length === 0) return undefined
  const known = knowledge.labels(variable)
  const drafted = labels.map((label) => draftRow(label, variable, known, knowledge, (counts.get(label) ?? 0) > 1))
  const rows = mergeSpellings(drafted.filter((row) => row !== undefined))
  if (rows.length === 0) return undefined
  const list = knowledge.codesOf(variable)
  return {
    name,
    title: column.name,
    codelist: variable.codelist ?? '',
    rows,
    codes: list.map(({ code, label_id }) => `${code} ${label_id}`),
    left: counts.size - drafted.filter((row) => row !== undefined).length,
  }
}

function draftRow(
  label: string,
  variable: Variable,
  known: ReadonlyMap<string, Known>,
  knowledge: Knowledge,
  repeats: boolean,
): DraftRow | undefined {
  const open = (entry: Json, note: string): DraftRow => ({ label, entry, note, isOpen: true })
  if (/^[-–.]+$/.test(label)) return { label, entry: null, note: 'no answer', isOpen: false }
  const exact = known.get(normalizeLabel(label))
  if (exact !== undefined) {
    const note = typeof exact.entry === 'string' ? knowledge.labelOf(variable, exact.entry) : ''
    return {
      label,
      entry: exact.entry,
      note: exact.isDisputed ? `is this ${note}? Others disagree` : note,
      isOpen: exact.isDisputed,
    }
  }
  if (/^[0-9]+$/.test(label)) {
    const same = knowledge.labelOf(variable, label)
    const hint = same === '' ? 'not a canonical code' : `canonical ${label} is ${same}; is that what it means here?`
    return open('keep', `what does ${label} mean? (${hint})`)
  }
  const initial = byInitial(label, known)
  if (initial !== undefined) return open(initial, `is this ${knowledge.labelOf(variable, initial)}?`)
  const best = [...known.values()]
    .map((other) => ({ ...other, likeness: labelLikeness(label, other.label) }))
    .sort((x, y) => y.likeness - x.likeness)[0]
  if (best !== undefined && best.likeness >= ALIKE && typeof best.entry === 'string')
    return open(best.entry, `is this ${knowledge.labelOf(variable, best.entry)}?`)
  return repeats ? open('keep', 'which code is this? (keep: the field stays empty)') : undefined
}

/** The code that a single letter can only stand for: M and F of a sex. */
function byInitial(label: string, known: ReadonlyMap<string, Known>): string | undefined {
  if (!/^[a-z]$/i.test(label)) return undefined
  const begun = [...known].filter(([text]) => text.length > 1 && text.startsWith(label.toUpperCase()))
  const [code, ...others] = new Set(begun.map(([, { entry }]) => entry))
  return typeof code === 'string' && others.length === 0 && /^[0-9]/.test(code) ? code : undefined
}

/** Labels that differ in capitals and blanks only are one row: the list compares them so. */
function mergeSpellings(rows: readonly DraftRow[]): DraftRow[] {
  const merged = new Map<string, DraftRow>()
  for (const row of rows) if (!merged.has(normalizeLabel(row.label))) merged.set(normalizeLabel(row.label), row)
  return [...merged.values()]
}
