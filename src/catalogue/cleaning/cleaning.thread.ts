// What runs inside the cleaning thread: a rule book of its own, and the same functions as everywhere.
import { cleanChunk } from '../../clean/clean-chunk.ts'
import { findRules } from '../../clean/clean-here.ts'
import type { RegistryFiles } from '../../clean/mapping/folder.ts'
import type { CleanEntry, RawEntry } from '../../domain/entry.ts'
import type { CleanedChunk, CleaningRules, SealedChunk } from '../../engine/cleaner.ts'
import { serveThread } from '../../io/thread-side.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { openRulebook } from '../registry.ts'
import { poisonOf } from './poison.ts'

/** What the thread is started with; `poison` is POISON_AT. */
export type CleaningData = { files: RegistryFiles; ring: KeyRing; poison: string | undefined }

export type CleaningTask = { rules: CleaningRules } & (
  | { is: 'chunk'; chunk: SealedChunk }
  | { is: 'entries'; entries: readonly RawEntry[] }
)

export type CleaningValue = { chunk: CleanedChunk } | { entries: CleanEntry[] }

await serveThread<CleaningData, CleaningTask, CleaningValue>(async ({ files, ring, poison }, progress) => {
  const vault = openVault(ring)
  // The process that started the thread has compiled all of them, and run the examples.
  const rulebook = openRulebook(files, (identity) => vault.indexText('key', identity))
  const hurt = poisonOf(poison)
  return (task) => {
    const { dataset: known, platform } = findRules(rulebook, task.rules)
    const clean = (entry: RawEntry) => {
      hurt(entry)
      return known.clean(entry, platform)
    }
    if (task.is === 'chunk') {
      return { chunk: cleanChunk(task.chunk, { dataset: { ...known, clean }, platform, vault, at: progress }) }
    }
    const entries = task.entries.map((entry, index) => {
      progress(index)
      return clean(entry)
    })
    return { entries }
  }
})
