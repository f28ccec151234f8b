import type { Canonical } from '../../language/canonical.ts'
import type { AccessReport } from './access-shapes.ts'

/** Values in plain words: each with the Indonesian name of its variable, and of a code what it says. */
export function shownFields(
  fields: Readonly<Record<string, string | number>>,
  level: 'keluarga' | 'individu',
  { variables, codelists }: Canonical,
): AccessReport['merged'] {
  return Object.entries(fields).map(([field, value]) => {
    const variable = variables.get(`${level}.${field}`)
    const codes = variable?.codelist ? codelists.get(variable.codelist)?.codes : undefined
    const meaning = codes?.find(({ code }) => code === String(value))?.label_id ?? null
    return { field, label: variable?.label_id ?? field, value, meaning }
  })
}
