import type { QueryConfig } from 'pg'

/** A value that a statement may carry as a parameter. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | Date
  | Buffer
  | null
  | readonly (string | number | Buffer | null)[]

/** Makes a parameterised statement of a template: every `${value}` becomes $1, $2 … and never touches the text. */
export function sql(parts: TemplateStringsArray, ...values: SqlValue[]): QueryConfig {
  let text = parts[0] ?? ''
  for (let i = 1; i < parts.length; i++) text += `$${i}${parts[i]}`
  return { text, values }
}
