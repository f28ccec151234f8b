// What runs inside the cleaning thread: a registry of its own, and the same functions as everywhere.
import { cleanChunk } from '../../clean/clean-chunk.ts'
import type { CleanedChunk, CleaningRules } from '../../clean/cleaner.ts'
import type { RegistryFiles } from '../../clean/mapping/folder.ts'
import type { CleanEntry, RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import { serveThread } from '../../io/thread-side.ts'
import type { KeyRing } from '../../trust/keys/keyring.ts'
import { openVault } from '../../trust/keys/vault.ts'
import { compileRegistry } from '../registry.ts'
import { type Poison, poisonOf } from './poison.ts'

export type CleaningData = { files: RegistryFiles; ring: KeyRing; poison: string | undefined }

export type CleaningTask = CleaningRules &
  ({ is: 'chunk'; packed: Uint8Array } | { is: 'entries'; entries: readonly RawEntry[] })

export type CleaningValue = { chunk: CleanedChunk } | { entries: CleanEntry[] }

await serveThread<CleaningData, CleaningTask, CleaningValue>(async ({ files, ring, poison }, progress) => {
  const vault = openVault(ring)
  const registry = compileRegistry(files, (identity) => vault.index('key', identity).toString('hex'))
  const hurt: Poison = poisonOf(poison)
  return (task) => {
    const known = registry.versions.get(task.dataset)
    const platform = registry.platforms.get(task.platform)
    if (known === undefined || platform === undefined) {
      throw new TitianError('registry-invalid', `${task.dataset} of ${task.platform} is gone`)
    }
    const dataset = {
      ...known,
      clean: (entry: RawEntry) => {
        hurt(entry)
        return known.clean(entry, platform)
      },
    }
    if (task.is === 'chunk') {
      return { chunk: cleanChunk(Buffer.from(task.packed), dataset, platform, progress) }
    }
    const entries = task.entries.map((entry, index) => {
      progress(index)
      return dataset.clean(entry)
    })
    return { entries }
  }
})
