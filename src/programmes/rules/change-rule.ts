import type { ErrorPlace } from '../../domain/error.ts'
import { TitianError } from '../../domain/error.ts'
import { GeneratedCode } from '../../language/rules/generated-code.ts'
import type { Criterion, Programme, ProgrammeSetting } from '../programme.ts'
import { type CompiledProgramme, compileProgramme } from './compile-programme.ts'
import { readProgrammeCondition } from './conditions.ts'
import type { ProgrammeBook } from './read-book.ts'

/** What a what-if changes: settings by name; criteria by code, taken away by null. */
export type RuleChange = {
  settings?: Readonly<Record<string, number>> | undefined
  criteria?: Readonly<Record<string, unknown>> | undefined
}

const MOST_TESTS = 30

/**
 * The programme with changed settings and conditions. Throws `rule-invalid` with the places of what cannot be read. No text that is
 * given becomes code as it stands: names are looked up, numbers and codes are checked, and there are no patterns.
 */
export function changeRule(
  { programme }: CompiledProgramme,
  { settings = {}, criteria = {} }: RuleChange,
  { canonical, context, overlaps }: ProgrammeBook,
): CompiledProgramme {
  const places: ErrorPlace[] = []
  const told: string[] = []
  const complain = (place: readonly (string | number)[], text: string) => {
    const pointer = `/body/${place.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`
    if (places.length < MOST_TESTS) places.push({ pointer, code: 'rule' })
    told.push(text)
  }
  const changed = programme.settings.map((one) => withValue(one, settings[one.name], complain))
  for (const name of Object.keys(settings)) {
    if (!programme.settings.some((one) => one.name === name))
      complain(
        ['settings', name],
        `The settings are ${programme.settings.map((one) => one.name).join(', ') || 'none'}.`,
      )
  }
  const reading = { canonical, unit: programme.unit, settings: changed, complain }
  const written = new Map<string, unknown>([...programme.written, ...Object.entries(criteria)])
  const kept = [...written].flatMap(([code, when]): Criterion[] => {
    const known = programme.criteria.find((one) => one.code === code)
    if (when === null) {
      if (known === undefined) complain(['criteria', code], `There is no criterion ${code} to take away.`)
      return []
    }
    const condition = readProgrammeCondition(when, ['criteria', code], reading)
    return [{ ...(known ?? { code, mark: 'assumption', id: code, en: code }), condition }]
  })
  if (kept.length === 0) complain(['criteria'], 'Leave one criterion at least.')
  if (told.length > 0) throw new TitianError('rule-invalid', told[0], { places })
  const tried: Programme = { ...programme, settings: changed, criteria: kept, written }
  const compile = new GeneratedCode(`programmes/${programme.name}@what-if`).under('what-if')
  return compileProgramme(tried, overlaps, { ...context, compile })
}

function withValue(
  setting: ProgrammeSetting,
  value: number | undefined,
  complain: (place: readonly string[], text: string) => void,
): ProgrammeSetting {
  if (value === undefined) return setting
  const { name, min, max } = setting
  if (value < min || value > max) complain(['settings', name], `Give ${name} a value from ${min} to ${max}.`)
  return { ...setting, value }
}
