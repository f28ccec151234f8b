import type { WayBack } from '../../domain/results/way-back.ts'
import { columnsOf, type RegionRule } from '../mapping/mapping.ts'
import type { Regions } from '../regions/regions.ts'

/** The columns that say a village, by its BPS code: code, the code of the other scheme, and the names beside it. */
export function regionWay(rule: RegionRule, regions: Regions, bps: string): WayBack {
  const village = regions.village(bps, 'bps')
  const code = village?.[rule.scheme]
  if (village === undefined || code === undefined || regions.village(code, rule.scheme)?.bps !== bps)
    return { is: 'none', reason: 'region-unknown' }
  const columns = columnsOf(rule.code)
  const parts = columns.length === 1 ? [code] : cut(code.replaceAll('.', ''), rule.widths ?? [])
  if (parts.length !== columns.length) return { is: 'none', reason: 'region-unknown' }
  const set = columns.map((column, at) => ({ column, value: parts[at] ?? '' }))
  const also = rule.also === undefined ? undefined : village[rule.also.scheme]
  if (rule.also !== undefined && also !== undefined) set.push({ column: rule.also.code, value: also })
  for (const [level, column] of Object.entries(rule.names ?? {}))
    set.push({ column, value: village.fields[level as keyof typeof rule.names] })
  return { is: 'way', set }
}

function cut(digits: string, widths: readonly number[]): string[] {
  const parts: string[] = []
  let at = 0
  for (const width of widths) {
    parts.push(digits.slice(at, at + width))
    at += width
  }
  return at === digits.length ? parts : []
}
