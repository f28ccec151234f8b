import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import { alternatives, extensionsOf } from '../mapping/mapping.ts'
import { BlockCode, type BlockParts } from './block-code.ts'
import type { EntryDraft } from './entry-draft.ts'

/**
 * Makes one canonical record of one part of a source record; undefined where the condition of its block does not hold. An empty
 * field is undefined until the record is finished. `outer` is the element around the part, `family` the record of its family.
 */
export type BuildRecord = (
  row: Json,
  root: Json,
  place: number,
  path: string,
  work: EntryDraft,
  outer: Json,
  outerPath: string,
  family: CanonicalRecord | undefined,
) => CanonicalRecord | undefined

/** Fills what a family's record takes from the columns of its head among the members; `row`, `root`, `path` are those of the head. */
export type FillOfHead = (
  record: CanonicalRecord,
  row: Json,
  root: Json,
  place: number,
  path: string,
  work: EntryDraft,
) => void

const quote = (value: unknown) => JSON.stringify(value)

/**
 * Compiles a block into one JavaScript function, as Ajv does with a schema. Closures over column names would look every property
 * up through megamorphic caches, which costs as much again as parsing the record.
 * The function gathers values in locals and makes the objects of them at the end.
 */
export function compileBlock(parts: BlockParts): BuildRecord {
  const { block } = parts
  const code = new BlockCode(parts)
  const fields = Object.entries(block.fields).map(([name, rules]) => code.field(name, alternatives(rules), false))
  const extensions = [...extensionsOf(block)].map(([name, rules]) => code.field(name, rules, true))
  const links = code.links()
  const start = `level: ${quote(block.level)}, key: '', path, fields: undefined, extensions: undefined, candidates: undefined`
  const lines = [
    `let v, x, text`,
    code.guard(),
    `const spot = work.place`,
    `const record = { ${start}, inferred: undefined, asOf: work.asOf, region: work.region, household: undefined, headNik: undefined }`,
    code.locals(),
    ...fields,
    `record.fields = ${code.fieldsObject()}`,
    ...extensions,
    ...links,
    ...code.assignExtensions(),
    `return record`,
  ]
  const body = `return function build(row, root, place, path, work, outer, outerPath, family) {\n${lines.join('\n')}\n}`
  return parts.compile(`build-${block.level}`, Object.fromEntries(code.constants), body) as BuildRecord
}

/** Compiles the rules of a block that read columns of the head; undefined where it has none. */
export function compileOfHead(parts: BlockParts): FillOfHead | undefined {
  const { block } = parts
  const code = new BlockCode(parts, true)
  const lines = [
    ...Object.entries(block.fields).map(([name, rules]) => code.field(name, alternatives(rules), false)),
    ...[...extensionsOf(block)].map(([name, rules]) => code.field(name, rules, true)),
  ].filter((line) => line !== '')
  if (lines.length === 0) return undefined
  const start = ['const spot = work.place, outer = row, outerPath = path', 'let v, x, text']
  const body = `return function fillOfHead(record, row, root, place, path, work) {\n${[...start, ...lines].join('\n')}\n}`
  return parts.compile('of-head', Object.fromEntries(code.constants), body) as FillOfHead
}
