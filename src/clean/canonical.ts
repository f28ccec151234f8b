/** One variable of the canonical schema. */
export type Variable = {
  key: string
  name: string
  level: 'keluarga' | 'individu'
  type: 'string' | 'integer' | 'date' | 'code'
  codelist: string | null
  additive: boolean
  label_id?: string
  label_en?: string
  definition_id?: string
  /** What a number counts: m2, orang … */
  unit?: string
  /** Number in the questionnaire of Regsosek 2022. */
  question?: string
  sensitivity?: string
  note?: string
}

type Code = { code: string; label_id: string; label_en: string; merges?: string[]; exclusive?: boolean }
export type CodeList = {
  name: string
  title_id: string
  title_en: string
  source?: string
  notes?: string
  additive: boolean
  codes: Code[]
  exclusive_codes?: string[]
}

/** The canonical schema: variables by key (`keluarga.alamat`), code lists by name. */
export type Canonical = { variables: ReadonlyMap<string, Variable>; codelists: ReadonlyMap<string, CodeList> }

/** Whether a text is a code of the list; of an additive list also a sum of its codes. */
export function isCode(list: CodeList, code: string): boolean {
  if (list.codes.some((known) => known.code === code)) return true
  if (!list.additive || !/^[0-9]{1,5}$/.test(code)) return false
  const exclusive = new Set(list.exclusive_codes ?? [])
  const bits = list.codes
    .filter((known) => !exclusive.has(known.code))
    .reduce((sum, known) => sum | Number(known.code), 0)
  return (Number(code) & ~bits) === 0
}
