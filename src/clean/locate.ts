import type { Json } from '../domain/entry.ts'
import type { Finding, Severity } from '../domain/finding.ts'
import type { Platform } from '../domain/platform.ts'
import { joiner, plain } from './assemble.ts'
import { columnsOf, type RegionRule, type Scheme } from './mapping.ts'
import { foldPlace, type Level, type Regions, type Village } from './regions.ts'
import type { Source } from './source.ts'
import { say } from './work.ts'

/** Finds the village of a record by its declared codes; findings say why there is none. Names are compared, never searched by. */
export type Locate = (record: Json, platform: Platform, findings: Finding[]) => Village | undefined

export function compileLocate(rule: RegionRule, source: Source, regions: Regions): Locate {
  const columns = columnsOf(rule.code)
  const read = reader(columns, source)
  const readAlso = reader(columnsOf(rule.also?.code), source)
  const names = Object.entries(rule.names ?? {}).map(([level, column]) => {
    return { level: level as Level, read: reader([column], source), path: source.below(column) }
  })
  const join = joiner('', rule.widths)
  const path = source.below(columns[0] ?? '')
  const alsoPath = source.below(rule.also?.code ?? '')
  const usual: Severity = rule.names === undefined ? 'hold' : 'warning'
  const other: Scheme = rule.scheme === 'bps' ? 'kemendagri' : 'bps'
  const codeOf = (values: (Json | undefined)[]) => (columns.length > 1 ? join(values) : plain(values[0]))

  const whyNone = (code: string) => {
    if (code === '') return 'region-missing'
    if (regions.isAmbiguous(code, rule.scheme)) return 'region-ambiguous'
    return regions.village(code, other) ? 'region-other-scheme' : 'region-unknown'
  }

  return (record, platform, findings) => {
    const code = codeOf(read(record))
    const village = code === '' ? undefined : regions.village(code, rule.scheme)
    if (village === undefined) {
      say(findings, whyNone(code), path, usual)
      return undefined
    }
    if (!platform.scope.some((prefix) => village.bps.startsWith(prefix))) say(findings, 'region-out-of-scope', path)
    if (rule.also !== undefined) {
      const second = plain(readAlso(record)[0])
      if (second !== '' && !regions.mayBe(second, rule.also.scheme, village))
        say(findings, 'region-contradicts', alsoPath)
    }
    for (const name of names) {
      const given = plain(name.read(record)[0])
      if (given !== '' && !village.names[name.level].includes(foldPlace(given)))
        say(findings, 'region-name-differs', name.path)
    }
    return village
  }
}

function reader(columns: string[], source: Source): (record: Json) => (Json | undefined)[] {
  return new Function('row', `return [${columns.map(source.read).join(', ')}]`) as (
    record: Json,
  ) => (Json | undefined)[]
}
