import type { FieldRule } from '../../clean/mapping/mapping.ts'
import type { Json } from '../../domain/entry.ts'

/** A rule of a drafted mapping, and what a person has to decide about it. */
export type DraftRule = {
  name: string
  column: string
  /** Further columns that the rule reads. */
  others?: string[]
  rule: string | FieldRule
  ask: string | undefined
  /** Of a relation: the label of the head of family. */
  head?: string | undefined
}
/** One row of a drafted code list; `isOpen` where the entry was only guessed, or `keep` for want of a guess. */
export type DraftRow = { label: string; entry: Json; note: string; isOpen: boolean }
export type DraftList = {
  name: string
  title: string
  codelist: string
  rows: DraftRow[]
  codes: string[]
  /** Values that are not written: they stand in the sample once each. */
  left: number
}

/** `column` where the key is one column. */
export type DraftKey = { key: string | { hash: string }; column: string | undefined; ask: string | undefined }
type DraftHousehold = { scheme: string; key: string }

export type DraftBlock = {
  level: 'keluarga' | 'individu'
  /** What speaks for this level, and for the household: both are concluded from the sample. */
  asks: string[]
  each: string | undefined
  key: DraftKey
  household: DraftHousehold | undefined
  headNik: string | undefined
  fields: DraftRule[]
  extensions: DraftRule[]
  ignore: { column: string; ask: string }[]
}

/** A drafted mapping with its code lists. */
export type Draft = {
  blocks: DraftBlock[]
  lists: DraftList[]
  referenceDate: DraftRule | undefined
  /** Lines of a comment that holds a region block, and what has to be decided about it. */
  region: { lines: string[]; ask: string; names: Record<string, string> } | undefined
}

/** A text as YAML needs it: as it is, or in double quotes. */
export function scalar(text: string): string {
  const isPlain = /^[A-Za-z_][A-Za-z0-9_./ -]*[A-Za-z0-9_]$|^[A-Za-z_]$/.test(text)
  return isPlain && !/^(true|false|yes|no|on|off|null|y|n)$/i.test(text) ? text : JSON.stringify(text)
}

/** A value as YAML in one line. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, part]) => `${scalar(key)}: ${flow(part)}`)
      .join(', ')} }`
  // A code is a text, and a text of digits only stays one in quotes.
  return typeof value === 'string' ? scalar(value) : String(value)
}
