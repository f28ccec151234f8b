import type { Dataset } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import { cleanChunk } from './clean-chunk.ts'
import type { Cleaner, CleaningRules } from './cleaner.ts'

type Rules = { versions: ReadonlyMap<string, Dataset>; platforms: ReadonlyMap<string, Platform> }

/** A cleaner that works in the calling thread: for whoever owns the file, and for registries that are no files. */
export function cleanHere({ versions, platforms }: Rules): Cleaner {
  const find = ({ dataset, platform }: CleaningRules) => {
    const found = { dataset: versions.get(dataset), platform: platforms.get(platform) }
    if (found.dataset === undefined || found.platform === undefined) {
      throw new TitianError('registry-invalid', `${dataset} of ${platform} is gone`)
    }
    return { dataset: found.dataset, platform: found.platform }
  }
  return {
    cleanChunk: async (rules, packed) => {
      const { dataset, platform } = find(rules)
      return { is: 'cleaned', chunk: cleanChunk(Buffer.from(packed), dataset, platform, () => undefined) }
    },
    cleanEntries: async (rules, entries) => {
      const { dataset, platform } = find(rules)
      return entries.map((entry) => dataset.clean(entry, platform))
    },
  }
}
