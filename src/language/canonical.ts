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
  /** Place among the columns of DTSEN V3/2026; null where DTSEN does not have it. */
  dtsen_order?: number | null
  sensitivity?: string
  note?: string
}

type ListedCode = { code: string; label_id: string; label_en: string; merges?: string[]; exclusive?: boolean }
export type CodeList = {
  name: string
  title_id: string
  title_en: string
  source?: string
  notes?: string
  additive: boolean
  codes: ListedCode[]
  exclusive_codes?: string[]
}

/** The canonical schema: variables by key (`keluarga.alamat`), code lists by name. */
export type Canonical = { variables: ReadonlyMap<string, Variable>; codelists: ReadonlyMap<string, CodeList> }
