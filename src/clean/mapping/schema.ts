import type { ErrorObject, ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Json } from '../../domain/entry.ts'
import { appendFinding, type Finding } from '../../domain/finding.ts'
import { FINDINGS, type FindingCode } from '../findings.ts'
import { stepsOf } from './shape.ts'
import { pointerPart } from './texts.ts'

/** A value that the schema refuses. It is taken out of the record and kept beside it. */
export type Spared = { path: string; value: Json }
export type Violations = { findings: Finding[]; spared: Spared[] }
/** Where the members are, and which columns hold a NIK or No. KK. Their converter says more about a JSON number than the schema can. */
export type Layout = { arrays: readonly string[]; isNumber(path: string): boolean }

/**
 * The one set of options for every dataset: refuse, do not repair. Only advice needs verbose errors, which know their schema. Ajv's
 * `ownProperties` is left off: what JSON says is an own property anyway, and asking for each costs twice the rest of the check.
 */
const OPTIONS = { allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true } as const

/**
 * An Ajv for JSON Schema 2020-12 with the formats of ajv-formats. Ajv's own passes over its code are a third of the time that a
 * registry takes to load, so they are for `often` alone: what every record goes through.
 */
export function newAjv({
  often = false,
  ...options
}: {
  verbose?: boolean
  allErrors?: boolean
  often?: boolean
} = {}): Ajv2020 {
  const ajv = new Ajv2020({ ...OPTIONS, ...options, code: { optimize: often } })
  formats.default(ajv)
  return ajv
}

/**
 * Validates a record and makes findings of the errors. A wrong structure is an error of the whole entry. A wrong value is only a
 * warning: it is taken out of the record, so that the rest of the entry lives.
 */
export function violationsOf(validate: ValidateFunction, record: Json, layout: Layout): Violations {
  const result: Violations = { findings: [], spared: [] }
  const say = (code: FindingCode, path: string) => appendFinding(result.findings, code, FINDINGS[code].severity, path)
  validate(record)
  for (const error of validate.errors ?? []) {
    const path = error.instancePath
    if (error.keyword === 'required')
      say('value-missing', `${path}/${pointerPart(String(error.params.missingProperty))}`)
    else if (error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties') {
      say(
        'column-unknown',
        `${path}/${pointerPart(String(error.params.additionalProperty ?? error.params.unevaluatedProperty))}`,
      )
    } else if (isStructure(error, path, layout.arrays)) say('structure', path)
    else if (path !== '')
      spare(record, path, layout, result, (code) => say(error.keyword === 'type' ? 'value-type' : code, path))
  }
  return result
}

/** Not an object, a list of members that is none, or a member that is not an object. */
function isStructure(error: ErrorObject, path: string, arrays: readonly string[]): boolean {
  if (error.keyword !== 'type') return false
  return (
    path === '' ||
    arrays.some((array) => {
      // An array inside of elements is named with a `*` in the place of their numbers.
      const named = array.includes('*') ? path.replace(/\/[0-9]+(?=\/)/, '/*') : path
      return named === array || (named.startsWith(`${array}/`) && /^\/[0-9]+$/.test(named.slice(array.length)))
    })
  )
}

function spare(record: Json, path: string, layout: Layout, result: Violations, say: (code: FindingCode) => void): void {
  const [holder, last] = holderOf(record, path)
  if (holder === undefined) return
  const value = holder[last]
  if (typeof value === 'number' && layout.isNumber(path)) return
  say('value-invalid')
  if (value !== undefined && value !== null) result.spared.push({ path, value })
  Object.defineProperty(holder, last, { value: undefined, writable: true, enumerable: true, configurable: true })
}

/** The object that holds the value of a pointer, and its name there. */
function holderOf(record: Json, path: string): [Record<string, Json> | undefined, string] {
  const steps = stepsOf(path).map(String)
  const last = steps.pop() ?? ''
  let holder: Json | undefined = record
  for (const step of steps) holder = (holder as Record<string, Json> | null | undefined)?.[step]
  const isObject = typeof holder === 'object' && holder !== null && !Array.isArray(holder)
  return [isObject ? (holder as Record<string, Json>) : undefined, last]
}
