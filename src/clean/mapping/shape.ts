import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'

/** Checks a document against its JSON Schema; each error becomes a sentence that says what to do. True when it holds. */
export function checkShape(document: Document, validate: ValidateFunction, diagnostics: Diagnostics): boolean {
  if (validate(document.value)) return true
  const errors = validate.errors ?? []
  for (const error of errors) {
    // A choice reports an error for each branch. The author meant the branch that fits best.
    const isOutdone = error.keyword === 'type' && errors.some((other) => saysMore(other, error))
    if (isOutdone || ['anyOf', 'if', 'propertyNames'].includes(error.keyword)) continue
    diagnostics.add(document.at(...stepsToError(error)), adviceOf(error))
  }
  return false
}

/** Whether an error is of a branch that fits the value better than one that wants another type there. */
function saysMore(error: ErrorObject, than: ErrorObject): boolean {
  if (error === than || !error.instancePath.startsWith(than.instancePath)) return false
  const isDeeper = stepsToError(error).length > stepsToError(than).length
  return isDeeper || !['type', 'anyOf', 'if'].includes(error.keyword)
}

function stepsToError(error: ErrorObject): Step[] {
  const odd = error.params.additionalProperty ?? error.propertyName
  return odd === undefined ? stepsOf(error.instancePath) : [...stepsOf(error.instancePath), String(odd)]
}

function adviceOf(error: ErrorObject): string {
  const { keyword, params } = error
  if (keyword === 'additionalProperties') {
    const known = Object.keys((error.parentSchema?.properties ?? {}) as object)
    const word = String(params.additionalProperty)
    return `"${word}" is no key here. ${didYouMean(word, known, `Use one of ${known.join(', ')}.`)}`
  }
  if (keyword === 'required') return `"${params.missingProperty}" is missing here. Add it.`
  const about = (error.parentSchema as { description?: string } | undefined)?.description
  if (keyword === 'enum')
    return `Use one of ${(params.allowedValues as unknown[]).join(', ')}${about === undefined ? '' : ` (${about})`}.`
  if (keyword === 'format' && params.format === 'date') return 'This is no date. Write it as "2025-06-30".'
  if (keyword === 'type')
    return `This must be of type ${[params.type].flat().join(' or ')}. Write it so (codes in quotes).`
  if (keyword === 'pattern') return formOf(error)
  if (keyword === 'uniqueItems')
    return `Entries ${params.j + 1} and ${params.i + 1} are the same. Take one of them out.`
  if (EMPTY.includes(keyword) && params.limit === 1)
    return 'This is empty. Write what belongs here, or remove the line.'
  return `This ${error.message ?? 'is not right'}. Correct it.`
}

const EMPTY = ['minItems', 'minLength', 'minProperties']

/** A form is told by what its schema says of it, since nobody reads a pattern. */
function formOf({ propertyName, parentSchema, params }: ErrorObject): string {
  const form = (parentSchema as { description?: string } | undefined)?.description
  const what = propertyName === undefined ? 'This' : `The name "${propertyName}"`
  return `${what} is not written as it must be: ${form ?? `as ${params.pattern}`}.`
}

/** The steps of a JSON Pointer. */
export function stepsOf(pointer: string): Step[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
