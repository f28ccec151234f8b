import type { KeyObject } from 'node:crypto'
import { parseCheckpoint } from '../tree/checkpoint.ts'
import { HASH_BYTES } from '../tree/merkle.ts'
import { openNote } from '../tree/note.ts'
import type { Witnessed } from './verify.db.ts'

/** What a witness keeps: the signed note of a checkpoint and, after an empty line, the hashes of the leaves under it, one a line. */
export function formatWitnessFile(note: string, leaves: readonly Buffer[]): string {
  return `${note}\n${leaves.map((leaf) => `${leaf.toString('base64')}\n`).join('')}`
}

/** The checkpoint in such a file; undefined when none of the keys signed it. A note alone is such a file, too. */
export function openWitnessFile(file: string, keys: readonly KeyObject[]): Witnessed | undefined {
  const { note, leaves } = partsOf(file)
  const text = openNote(note, note.split('\n', 1)[0] ?? '', keys)
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text)
  if (checkpoint === undefined) return undefined
  return { size: checkpoint.size, root: checkpoint.root, ...(leaves.length === checkpoint.size && { leaves }) }
}

function partsOf(file: string): { note: string; leaves: Buffer[] } {
  const [text = '', signatures = '', rest = ''] = file.replaceAll('\r\n', '\n').split('\n\n')
  const leaves = rest.split('\n').flatMap((line) => (line === '' ? [] : Buffer.from(line, 'base64')))
  const note = `${text}\n\n${signatures}${signatures.endsWith('\n') ? '' : '\n'}`
  return { note, leaves: leaves.every(({ length }) => length === HASH_BYTES) ? leaves : [] }
}
