import type { NoWayBack } from '../../domain/results/way-back.ts'
import { alternatives, columnsRead, type FieldRule, lookedUp, type Mapping } from '../mapping/mapping.ts'

/** The fields of a mapping whose values can never be said in its own columns again, whatever they are, and why. */
export function fieldsWithoutWay({ records, lookups }: Mapping): { key: string; reason: NoWayBack }[] {
  return records.flatMap(({ level, fields }) =>
    Object.entries(fields).flatMap(([name, rules]) => {
      const reasons = alternatives(rules).map((rule) => reasonOf(rule, lookups))
      const [reason] = reasons
      return reason !== undefined && !reasons.includes(undefined) ? [{ key: `${level}.${name}`, reason }] : []
    }),
  )
}

function reasonOf(rule: FieldRule, lookups: Mapping['lookups']): NoWayBack | undefined {
  if (rule.inferred === true) return 'inferred'
  if (rule.count !== undefined || rule.from === '#') return 'counted'
  if (rule.head !== undefined || rule.of === 'head') return 'of-the-head'
  if (columnsRead(rule).some((column) => lookedUp(column, lookups) !== undefined)) return 'other-file'
  const isPart = [rule.template, rule.join, rule.pad, rule.split].some((part) => part !== undefined)
  if (isPart) return 'combined-columns'
  const isOpen = Object.values(rule.when ?? {}).some((wanted) => typeof wanted === 'object' && !Array.isArray(wanted))
  return isOpen || (rule.constant !== undefined && rule.when === undefined) ? 'condition' : undefined
}
