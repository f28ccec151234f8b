import type { CanonicalRecord } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import { REGION_FIELDS } from '../../domain/region.ts'
import { alternatives, type Block, columnsOf, columnsRead, type Mapping } from '../mapping/mapping.ts'
import type { ColumnAccess } from './column-access.ts'

/** Which canonical fields of a level are read at a JSON Pointer below the path of a record. */
export type FieldsAt = Record<CanonicalRecord['level'], ReadonlyMap<string, readonly string[]>>

/** Reads from a mapping which fields come from which columns. */
export function fieldsAt(mapping: Mapping, source: ColumnAccess): FieldsAt {
  return { keluarga: of('keluarga'), individu: of('individu') }

  function of(level: Block['level']): Map<string, string[]> {
    const fields = new Map<string, string[]>()
    const add = (column: string, field: string) => {
      const own = fields.get(source.below(column)) ?? []
      fields.set(source.below(column), own.includes(field) ? own : [...own, field])
    }
    for (const block of mapping.records.filter((one) => one.level === level)) {
      for (const [field, rules] of Object.entries(block.fields))
        for (const rule of alternatives(rules)) for (const column of columnsRead(rule)) add(column, field)
    }
    const { region } = mapping
    for (const column of region === undefined
      ? []
      : [...columnsOf(region.code), ...(region.also ? [region.also.code] : [])])
      add(column, level === 'keluarga' ? 'kode_kelurahan_desa' : 'region')
    for (const field of REGION_FIELDS) {
      const column = (region?.names as Record<string, string> | undefined)?.[field]
      if (column !== undefined) add(column, level === 'keluarga' ? field : 'region')
    }
    return fields
  }
}

/** Notes at each record what was found in the values of its fields, by codes; each pair of a finding and a field once. */
export function noteFieldFindings(
  records: readonly CanonicalRecord[],
  findings: readonly Finding[],
  fields: FieldsAt,
): void {
  if (findings.length === 0) return
  const at = Map.groupBy(records, ({ path }) => path)
  for (const { code, path } of findings) {
    for (let end = path.length; end >= 0; end = end === 0 ? -1 : Math.max(0, path.lastIndexOf('/', end - 1))) {
      const own = at.get(path.slice(0, end))
      if (own === undefined) continue
      for (const record of own)
        for (const field of fields[record.level].get(path.slice(end)) ?? []) note(record, field, code)
      break
    }
  }
}

function note(record: CanonicalRecord, field: string, code: string): void {
  record.findings ??= {}
  const codes = record.findings[field] ?? []
  record.findings[field] = codes
  if (!codes.includes(code)) codes.push(code)
}
