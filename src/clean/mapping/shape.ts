import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Diagnostics } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Document, Step } from '../../language/document.ts'

/** Checks a document against its JSON Schema; each error becomes a sentence that says what to do. True when it holds. */
export function checkShape(document: Document, validate: ValidateFunction, diagnostics: Diagnostics): boolean {
  if (validate(document.value)) return true
  const errors = validate.errors ?? []
  for (const error of errors) {
    // A choice reports an error for each branch. The author meant the branch whose error lies deepest.
    const isOutdone = error.keyword === 'type' && errors.some((other) => other !== error && goesDeeper(other, error))
    if (isOutdone || ['anyOf', 'if'].includes(error.keyword)) continue
    diagnostics.add(document.at(...stepsToError(error)), adviceOf(error))
  }
  return false
}

function goesDeeper(error: ErrorObject, than: ErrorObject): boolean {
  return error.instancePath.startsWith(than.instancePath) && stepsToError(error).length > stepsToError(than).length
}

function stepsToError(error: ErrorObject): Step[] {
  const odd = error.params.additionalProperty
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
  if (keyword === 'enum') return `Use one of ${(params.allowedValues as unknown[]).join(', ')}.`
  if (keyword === 'type')
    return `This must be of type ${[params.type].flat().join(' or ')}. Write it so (codes in quotes).`
  return `This ${error.message ?? 'is not right'}. Correct it.`
}

/** The steps of a JSON Pointer. */
export function stepsOf(pointer: string): Step[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
}
