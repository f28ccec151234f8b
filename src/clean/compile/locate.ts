import type { Json } from '../../domain/entry.ts'
import type { Finding, Severity } from '../../domain/finding.ts'
import type { Platform } from '../../domain/platform.ts'
import type { RegionLevel } from '../../domain/region.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'
import { wholeOf } from '../converters/spreadsheet.ts'
import { columnsOf, type RegionRule, type Scheme } from '../mapping/mapping.ts'
import { foldPlace, type Regions, type Village } from '../regions/regions.ts'
import { codeText, joiner, plain } from './assemble.ts'
import { type ColumnAccess, columnReader } from './column-access.ts'
import { addFinding, type Located } from './entry-draft.ts'

/** Finds the village of a record by its declared code; findings say why there is none. A name is only compared, never searched by. */
export type Locate = (record: Json, platform: Platform, findings: Finding[]) => Located

/** Nothing is known, or what is said is not believed. */
const NOWHERE: Located = {}

/** Compiles the `region` of a mapping. Without names to compare, a code that is not found holds the entry; else it is a warning. */
export function compileLocate(rule: RegionRule, source: ColumnAccess, regions: Regions, compile: CompileText): Locate {
  const columns = columnsOf(rule.code)
  const also =
    rule.also === undefined ? undefined : { ...rule.also, read: columnReader(source, rule.also.code, compile) }
  const names = Object.entries(rule.names ?? {}).map(([level, column]) => {
    return {
      level: level as RegionLevel,
      read: columnReader(source, column, compile),
      path: source.below(column),
      // The spelling last accepted for a village. Folding a name costs more than all else here, and a source keeps its spellings.
      accepted: new Map<Village, string>(),
    }
  })
  const codeOf = codeReader(columns, rule.widths, (column) => columnReader(source, column, compile))
  const codeColumns = columns.map((column) => columnReader(source, column, compile))
  const isRepaired = (record: Json) => codeColumns.some((read) => wholeOf(plain(read(record))) !== undefined)
  const path = source.below(columns[0] ?? '')
  const alsoPath = source.below(rule.also?.code ?? '')
  const usual: Severity = rule.names === undefined ? 'hold' : 'warning'
  const other: Scheme = rule.scheme === 'bps' ? 'kemendagri' : 'bps'

  const whyNone = (code: string) => {
    if (code === '') return 'region-missing'
    if (regions.isAmbiguous(code, rule.scheme)) return 'region-ambiguous'
    return regions.village(code, other) ? 'region-other-scheme' : 'region-unknown'
  }

  return (record, platform, findings) => {
    const code = codeOf(record)
    const village = code === '' ? undefined : regions.village(code, rule.scheme)
    if (code !== '' && isRepaired(record)) addFinding(findings, 'code-repaired', path)
    if (village === undefined) {
      const why = whyNone(code)
      addFinding(findings, why, path, usual)
      // A village that no list knows lies in its district and regency all the same.
      const around = regions.around(code, rule.scheme)
      const isOutside = around !== undefined && !platform.scope.some((prefix) => overlap(around, prefix))
      if (isOutside) addFinding(findings, 'region-out-of-scope', path, 'hold')
      return why === 'region-other-scheme' ? NOWHERE : { region: around }
    }
    if (!platform.scope.some((prefix) => village.bps.startsWith(prefix)))
      addFinding(findings, 'region-out-of-scope', path)
    if (also !== undefined) {
      const second = plain(also.read(record))
      const isSame = second === '' || second === village[also.scheme] || regions.mayBe(second, also.scheme, village)
      if (!isSame) addFinding(findings, 'region-contradicts', alsoPath)
    }
    let told = 0
    let differing = 0
    for (const { level, read, path, accepted } of names) {
      const given = plain(read(record))
      if (given === '') continue
      if (level !== 'provinsi') told++
      if (accepted.get(village) === given) continue
      if (village.names[level].includes(foldPlace(given))) accepted.set(village, given)
      else {
        addFinding(findings, 'region-name-differs', path)
        if (level !== 'provinsi') differing++
      }
    }
    // One name may be misspelt or new; when village, district and regency all speak against the code, it is another place.
    if (differing < 2 || differing < told) return { village }
    addFinding(findings, 'region-names-contradict', path)
    return NOWHERE
  }
}

/** Whether one of two codes begins with the other. */
function overlap(one: string, other: string): boolean {
  return one.startsWith(other) || other.startsWith(one)
}

function codeReader(
  columns: string[],
  widths: number[] | undefined,
  readerOf: (column: string) => (record: Json) => Json | undefined,
): (record: Json) => string {
  const readers = columns.map(readerOf)
  const [first] = readers
  if (first !== undefined && readers.length === 1) return (record) => codeText(first(record))
  const join = joiner('', widths)
  return (record) => join(readers.map((read) => read(record)))
}
