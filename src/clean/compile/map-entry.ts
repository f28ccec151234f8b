import { HEAD_OF_FAMILY } from '../../domain/codes.ts'
import type { OtherFiles } from '../../domain/dataset.ts'
import type { CanonicalRecord, Json } from '../../domain/entry.ts'
import type { Finding } from '../../domain/finding.ts'
import type { Platform } from '../../domain/platform.ts'
import type { CompiledBlock, DatasetParts } from './clean-entry.ts'
import { EntryDraft } from './entry-draft.ts'
import { checkIdentity } from './identity.ts'
import { lookUp } from './lookups.ts'
import { giveKey } from './record-key.ts'

/** A part of a source record that a block maps, and what stands around it. */
type Part = { row: Json; root: Json; place: number; path: string; outer: Json; outerPath: string }

/** Makes the canonical records of a source record. What is wrong is a finding; bad data never throws. */
export function mapEntry(
  record: Json,
  platform: Platform,
  parts: DatasetParts,
  findings: Finding[],
  others?: OtherFiles,
): EntryDraft {
  if (parts.lookups.length > 0) lookUp(record, parts.lookups, others, findings)
  const asOf = parts.readDate?.(record, findings)
  parts.note.asOf = asOf
  const work = new EntryDraft(findings, asOf, parts.locate?.(record, platform, findings))
  let mapsHead = false
  for (const block of parts.blocks) {
    mapBlock(block, record, work, parts)
    if (block.heads.length > 0 || block.fillOfHead !== undefined) mapsHead = true
  }
  if (mapsHead) fillFromHeads(record, work, parts)
  if (work.records.length === 0) work.say('subject-missing', '')
  return work
}

function mapBlock(block: CompiledBlock, record: Json, work: EntryDraft, parts: DatasetParts): void {
  const { each, outer } = block
  if (each === undefined) {
    build(block, { row: record, root: record, place: 0, path: '', outer: record, outerPath: '' }, work, parts)
    return
  }
  const buildAll = (around: Json, aroundPath: string) => {
    const rows = each.read(around)
    if (!Array.isArray(rows)) return
    for (let i = 0; i < rows.length; i++) {
      const path = outer === undefined ? (each.paths[i] ?? `${each.path}/${i}`) : `${aroundPath}${each.path}/${i}`
      build(
        block,
        { row: rows[i] as Json, root: record, place: i, path, outer: around, outerPath: aroundPath },
        work,
        parts,
      )
    }
  }
  if (outer === undefined) {
    buildAll(record, '')
    return
  }
  const elements = outer.read(record)
  if (!Array.isArray(elements)) return
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as Json
    if (typeof element === 'object' && element !== null) buildAll(element, outer.paths[i] ?? `${outer.path}/${i}`)
  }
}

function build(block: CompiledBlock, part: Part, work: EntryDraft, { derive }: DatasetParts): void {
  const { row, root, place, path, outer, outerPath } = part
  // Members of the second of several families are beside their own one, not beside the first record.
  const first = block.outer === undefined ? work.records[0] : work.familyAt(outerPath)
  const record = block.build(row, root, place, path, work, outer, outerPath, first)
  if (record === undefined) return
  if (block.level === 'individu') checkIdentity(record, block.identity, work)
  const given = block.readKey.read(row, root, outer)
  if (given === '') {
    if (block.readKey.isDamaged(row, root, outer)) work.say('key-damaged', path + block.keyPath)
  } else if (block.readKey.isTidied(row, root, outer)) work.say('key-tidied', path + block.keyPath)
  const key = block.isHashed && given !== '' ? `~${derive(given)}` : given
  // A person's row may carry the family too: both records then have the key of the row.
  if (key === '' && first !== undefined && block.each === undefined) record.key = first.key
  else giveKey(record, key, block.keyPath, work, first, derive)
  work.add(record, block.finish)
}

/** Fills what families take from their heads, each from that of its own members. */
function fillFromHeads(root: Json, work: EntryDraft, parts: DatasetParts): void {
  for (const family of work.records) {
    if (family.level !== 'keluarga') continue
    const head = headOf(family, work)
    if (head === undefined) continue
    for (const block of parts.blocks) {
      if (block.level !== 'keluarga') continue
      for (const fill of block.heads) fill(family, head)
      if (block.fillOfHead === undefined) continue
      const at = head.path.lastIndexOf('/')
      block.fillOfHead(family, rowAt(root, head.path), root, Number(head.path.slice(at + 1)), head.path, work)
    }
  }
}

/** The first member of a family who is its head. */
function headOf(family: CanonicalRecord, work: EntryDraft): CanonicalRecord | undefined {
  for (const record of work.records) {
    if (record.level !== 'individu' || record.fields.status_hubungan_keluarga !== HEAD_OF_FAMILY) continue
    if (family.path === '' || record.path.startsWith(`${family.path}/`)) return record
  }
  return undefined
}

/** The part of a record under a pointer that mapping made. */
function rowAt(root: Json, path: string): Json {
  let at: Json = root
  for (const step of path.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~')
    at = (at as Record<string, Json>)[name] ?? null
  }
  return at
}
