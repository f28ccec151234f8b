import type { Lookup, OtherFiles } from '../../domain/dataset.ts'
import type { Json } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import type { FindingCode } from '../findings.ts'
import { columnsOfMapping } from '../mapping/every-column.ts'
import { type LookupRule, lookedUp, type Mapping } from '../mapping/mapping.ts'
import { pointerPart } from '../mapping/texts.ts'
import { addFinding } from './entry-draft.ts'
import { keyText } from './record-key.ts'

/** Where a record keeps the rows that were looked up for it; no column has such a name. */
export const LOOKED_UP = '\u0000lookups'

/** A row of one's own, and of the other dataset, as the text by which they find each other. */
export type CompiledLookup = Lookup & { rule: LookupRule; path: string }

/** Compiles the lookups of a mapping. */
export function compileLookups(mapping: Mapping, placeholders: Placeholders): CompiledLookup[] {
  const { lookups } = mapping
  const read = lookups === undefined ? [] : columnsOfMapping(mapping).map((column) => lookedUp(column, lookups))
  return Object.entries(lookups ?? {}).map(([name, rule]) => {
    const [own, theirs] = [Object.keys(rule.key), Object.values(rule.key)]
    const keyOf = (columns: readonly string[]) => (row: Json) => {
      const parts = columns.map((column) => keyText((row as Record<string, Json> | null)?.[column], placeholders))
      return parts.includes('') ? '' : parts.join('\u0000')
    }
    return {
      name,
      dataset: rule.dataset,
      columns: [...new Set(read.flatMap((found) => (found?.lookup === name ? [found.column] : [])))],
      ownKey: keyOf(own),
      otherKey: keyOf(theirs),
      rule,
      path: `/${pointerPart(own[0] ?? '')}`,
    }
  })
}

/**
 * Puts the rows that belong to a record beside it, where its columns are read. Without one, what is read from it is empty, and a
 * finding says why.
 */
export function lookUp(
  record: Json,
  lookups: readonly CompiledLookup[],
  others: OtherFiles | undefined,
  findings: Finding[],
): void {
  const rows: Record<string, Json> = {}
  for (const { name, ownKey, rule, path } of lookups) {
    const key = ownKey(record)
    const found = key === '' ? undefined : others?.find(name, key)
    const say = (code: FindingCode) => addFinding(findings, code, path, rule.missing ?? 'hold')
    if (others === undefined || !others.has(name)) say('lookup-without-file')
    else if (found === undefined) say('lookup-missing')
    else if (found === 'differing') say('lookup-differs')
    else rows[name] = found.row
  }
  Object.defineProperty(record, LOOKED_UP, { value: rows, configurable: true })
}
