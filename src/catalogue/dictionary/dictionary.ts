import { csvCell } from '../../domain/text/csv.ts'
import { OWN_COLUMNS } from '../../forward/forms/columns.ts'
import type { Canonical, Variable } from '../../language/canonical.ts'

const LEVELS = ['keluarga', 'individu'] as const

/** The data dictionary of what BPS gets: every field of both levels in the order of the tables, with its codes. */
export function dictionaryOf({ variables, codelists }: Canonical) {
  const fields = LEVELS.flatMap((level) =>
    [...variables.values()]
      .filter((variable) => variable.level === level)
      .map((variable) => fieldOf(variable, codelists)),
  )
  const columns = Object.entries(OWN_COLUMNS).map(([name, label]) => ({ name, label }))
  return { fields, columns }
}

type Field = ReturnType<typeof fieldOf>

function fieldOf(variable: Variable, codelists: Canonical['codelists']) {
  const { key, name, level, type, codelist, additive, label_id, label_en, ...more } = variable
  const list = codelist === null || codelist === undefined ? undefined : codelists.get(codelist)
  return {
    key,
    name,
    level,
    type,
    label: { id: label_id ?? name, en: label_en ?? name },
    definition: more.definition_id ?? null,
    unit: more.unit ?? null,
    question: more.question ?? null,
    dtsen_order: more.dtsen_order ?? null,
    sensitivity: more.sensitivity ?? null,
    note: more.note ?? null,
    codelist: codelist ?? null,
    additive: additive ?? false,
    codes: (list?.codes ?? []).map((code) => ({ code: code.code, label: { id: code.label_id, en: code.label_en } })),
  }
}

const HEADER = [
  ...['key', 'name', 'level', 'type', 'label_id', 'label_en', 'definition_id', 'unit', 'question', 'dtsen_order'],
  ...['sensitivity', 'codelist', 'code', 'code_id', 'code_en'],
]

/** The dictionary as CSV: one row for each field, and where it has codes one for each of those. */
export function dictionaryCsv({ fields }: { fields: readonly Field[] }): string {
  const rows = fields.flatMap((field) => {
    const { key, name, level, type, label, definition, unit, question, dtsen_order, sensitivity, codelist } = field
    const head = [
      key,
      name,
      level,
      type,
      label.id,
      label.en,
      definition,
      unit,
      question,
      dtsen_order,
      sensitivity,
      codelist,
    ]
    const codes = field.codes.map(({ code, label: said }) => [code, said.id, said.en])
    return (codes.length > 0 ? codes : [['', '', '']]).map((code) => [...head, ...code])
  })
  return [HEADER, ...rows].map((row) => `${row.map((cell) => csvCell(String(cell ?? ''))).join(',')}\r\n`).join('')
}
