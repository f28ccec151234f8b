// What runs inside the cleaning thread: a rule book of its own, and the same functions as everywhere.
import { cleanChunk } from '../../clean/clean-chunk.ts'
import { findRules } from '../../clean/clean-here.ts'
import { keysOfChunk, rowsOfChunk } from '../../clean/lookups/read-chunk.ts'
import type { RegistryFiles } from '../../clean/mapping/folder.ts'
import type { OtherFiles } from '../../domain/dataset.ts'
import type { CleanEntry, RawEntry } from '../../domain/entry.ts'
import type { Platform } from '../../domain/platform.ts'
import type {
  CleanedChunk,
  CleaningRules,
  FoundRows,
  KeptRow,
  LookupPlace,
  SealedChunk,
  SourceChunk,
} from '../../engine/cleaner.ts'
import { serveThread } from '../../io/thread-side.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { openRulebook } from '../registry.ts'
import { poisonOf } from './poison.ts'

/** What the thread is started with; `poison` is POISON_AT. */
export type CleaningData = { files: RegistryFiles; ring: KeyRing; poison: string | undefined }

export type CleaningTask =
  | { is: 'chunk'; rules: CleaningRules; chunk: SealedChunk; found: FoundRows | undefined }
  | { is: 'entries'; rules: CleaningRules; entries: readonly RawEntry[] }
  | { is: 'keys'; place: LookupPlace; chunk: SealedChunk }
  | { is: 'rows'; place: LookupPlace; chunk: SourceChunk }
  | { is: 'nothing' }

export type CleaningValue =
  | { chunk: CleanedChunk }
  | { entries: CleanEntry[] }
  | { keys: string[] }
  | { rows: KeptRow[] }
  | { nothing: true }

await serveThread<CleaningData, CleaningTask, CleaningValue>(async ({ files, ring, poison }, progress) => {
  const vault = openVault(ring)
  // The process that started the thread has compiled all of them, and run the examples.
  const rulebook = openRulebook(files, (identity) => vault.lastingText('key', identity))
  const hurt = poisonOf(poison)
  const reading = { versions: rulebook.versions, vault, at: progress }
  return (task) => {
    if (task.is === 'nothing') return { nothing: true }
    if (task.is === 'keys') return { keys: keysOfChunk(task.place, task.chunk, reading) }
    if (task.is === 'rows') return { rows: rowsOfChunk(task.place, task.chunk, reading) }
    const { dataset: known, platform } = findRules(rulebook, task.rules)
    const clean = (entry: RawEntry, from: Platform, others?: OtherFiles) => {
      hurt(entry)
      return known.clean(entry, from, others)
    }
    if (task.is === 'chunk') {
      const cleaning = { dataset: { ...known, clean }, platform, vault, at: progress, found: task.found }
      return { chunk: cleanChunk(task.chunk, cleaning) }
    }
    const entries = task.entries.map((entry, index) => {
      progress(index)
      return clean(entry, platform)
    })
    return { entries }
  }
})
