import type { CanonicalRecord } from '../../domain/entry.ts'
import type { CompileText } from '../../language/rules/generated-code.ts'

/**
 * Makes the record that leaves `clean`, without its empty parts. Until then they are undefined, so that all records of a block
 * have one shape. Compiled code reads it several times as fast as shapes that vary with what is filled.
 */
export type Finish = (record: CanonicalRecord) => CanonicalRecord

/** Compiles the finishing of records that may have these fields. */
export function compileFinish(names: readonly string[], compile: CompileText): Finish {
  const finishFields = fieldsFinisher(names, compile)
  return ({ level, key, path, fields, extensions, candidates, inferred, asOf, region, household, headNik }) => {
    const record: CanonicalRecord = { level, key, path, fields: finishFields(fields) }
    if (extensions !== undefined) record.extensions = extensions
    if (candidates !== undefined) record.candidates = candidates
    if (inferred !== undefined) record.inferred = inferred
    if (asOf !== undefined) record.asOf = asOf
    if (region !== undefined) record.region = region
    if (household !== undefined) record.household = household
    if (headNik !== undefined) record.headNik = headNik
    return record
  }
}

type FinishFields = (fields: CanonicalRecord['fields']) => CanonicalRecord['fields']

function fieldsFinisher(names: readonly string[], compile: CompileText): FinishFields {
  const each = (write: (name: string) => string) => names.map((name) => write(JSON.stringify(name))).join('\n      ')
  // V8 gives an object the room that the first ones of its constructor used. Sixteen full ones make it large enough for all.
  const text = `
    function Fields(isFull) { if (isFull) { ${each((name) => `this[${name}] = ''`)} } }
    Fields.prototype = Object.prototype
    for (let i = 0; i < 16; i++) new Fields(true)
    return (fields) => {
      const filled = new Fields(false)
      let value
      ${each((name) => `value = fields[${name}]; if (value !== undefined) filled[${name}] = value`)}
      return filled
    }`
  return compile('finish', {}, text) as FinishFields
}
