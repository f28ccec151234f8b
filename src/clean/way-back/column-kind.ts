import type { ValidateFunction } from 'ajv'
import type { Json } from '../../domain/entry.ts'
import { type Block, fullName } from '../mapping/mapping.ts'
import { newAjv } from '../mapping/schema.ts'

type Schema = { type?: string | string[]; properties?: Record<string, Schema>; items?: Schema; $defs?: unknown }

/** What the record schema of a dataset says of its columns. */
export type ColumnKinds = {
  /** A text as the JSON type of its column. */
  typed(column: string, text: string): Json
  /** Whether the column may hold a value at all. */
  admits(column: string, value: Json): boolean
}

/** Reads the kinds of the columns of a block from the record schema. */
export function columnKinds(schema: unknown, kind: 'csv' | 'ndjson', block: Pick<Block, 'each'>): ColumnKinds {
  const root = schema as Schema
  const ajv = newAjv({ allErrors: false })
  const checks = new Map<string, ValidateFunction | undefined>()
  const partOf = (column: string): Schema | undefined => {
    if (kind === 'csv') return root.properties?.[column]
    let at: Schema | undefined = root
    const [steps, ...inner] = fullName(column, block, undefined)
      .split('[].')
      .map((part) => part.split('.'))
      .reverse()
    for (const array of inner.reverse()) {
      for (const step of array) at = at?.properties?.[step]
      at = at?.items
    }
    for (const step of steps ?? []) at = at?.properties?.[step]
    return at
  }
  const checkOf = (column: string): ValidateFunction | undefined => {
    if (checks.has(column)) return checks.get(column)
    const part = partOf(column)
    const check =
      part === undefined ? undefined : ajv.compile({ ...part, ...(root.$defs !== undefined && { $defs: root.$defs }) })
    checks.set(column, check)
    return check
  }
  return {
    typed(column, text) {
      const types = [partOf(column)?.type ?? []].flat()
      if (kind === 'csv' || types.length === 0 || types.includes('string')) return text
      if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
      const isNumber = types.includes('integer') || types.includes('number')
      return isNumber && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text
    },
    admits: (column, value) => checkOf(column)?.(value) !== false,
  }
}
