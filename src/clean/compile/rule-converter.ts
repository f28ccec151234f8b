import type { CanonicalRecord } from '../../domain/entry.ts'
import type { Canonical } from '../../language/canonical.ts'
import type { Step } from '../../language/document.ts'
import type { Lists } from '../codes/lists.ts'
import type { ConversionTarget, Convert, Converter } from '../converters/converter.ts'
import type { Placeholders } from '../converters/placeholders.ts'
import { CONVERTERS } from '../converters/table.ts'
import type { FieldRule } from '../mapping/mapping.ts'

const DEFAULTS = { string: 'text', integer: 'integer', date: 'date', code: 'code' } as const

/** What a rule makes: the variable or extension, and where the rule stands in its mapping. */
export type RulePlace = { name: string; isExtension: boolean; level: CanonicalRecord['level']; at: Step[] }

export type RuleConverter = {
  convert: Convert
  /** Set where a column holds few different values. */
  repeats: boolean
  /** The name of the converter. */
  as: string
  /** Source values that may be read to a canonical one, the best first; undefined where the converter has no way back. */
  invert: ReturnType<NonNullable<Converter['invert']>> | undefined
}

/** Compiles the converter of a rule, both ways. A code list that is missing is a diagnostic of `lists`. */
export function ruleConverter(
  rule: FieldRule,
  { name, isExtension, level, at }: RulePlace,
  lists: Lists,
  { canonical, placeholders }: { canonical: Canonical; placeholders: Placeholders },
): RuleConverter {
  const key = `${level}.${name}`
  const variable = isExtension ? undefined : canonical.variables.get(key)
  const as = rule.as ?? (rule.codes === undefined ? DEFAULTS[variable?.type ?? 'string'] : 'code')
  const isBinary = variable?.codelist === 'ya_tidak_10'
  const target: ConversionTarget = {
    name,
    additive: variable?.additive ?? false,
    yes: '1',
    no: isBinary ? '0' : '2',
    codes: as === 'code' || as === 'list' ? lists.table(rule, key, at) : undefined,
    placeholders,
  }
  const converter = CONVERTERS[as]
  const isKnown = converter !== undefined && (target.codes !== undefined || (as !== 'code' && as !== 'list'))
  return {
    convert: isKnown ? converter.compile(rule, target) : () => undefined,
    repeats: converter?.repeats === true,
    as,
    invert: isKnown ? converter.invert?.(rule, target) : undefined,
  }
}
