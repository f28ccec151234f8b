import type { Dataset } from '../domain/dataset.ts'
import { TitianError } from '../domain/error.ts'
import type { Platform } from '../domain/platform.ts'
import type { Cleaner, CleaningRules } from '../engine/cleaner.ts'
import { agreementName, agreementsOf } from '../trust/agreements/agreement.ts'
import type { Vault } from '../trust/keys/vault.ts'
import { cleanChunk } from './clean-chunk.ts'
import { keysOfChunk, rowsOfChunk } from './lookups/read-chunk.ts'

/** The dataset versions (`name@version`) and platforms that entries are cleaned by. */
export type Rulebook = {
  versions: Pick<ReadonlyMap<string, Dataset>, 'get'>
  platforms: Pick<ReadonlyMap<string, Platform>, 'get'>
}

/**
 * Looks up what entries are cleaned by; throws `registry-invalid` when it is not there any more. The platform comes with the agreement
 * of the batch as its own; where that is no longer filed, the latest binds.
 */
export function findRules({ versions, platforms }: Rulebook, { dataset, platform, agreement }: CleaningRules) {
  const found = { dataset: versions.get(dataset), platform: platforms.get(platform) }
  if (found.dataset === undefined || found.platform === undefined) {
    throw new TitianError('registry-invalid', `${dataset} of ${platform} is gone`)
  }
  const bound = agreementsOf(found.platform).find((one) => agreementName(one) === agreement)
  return { dataset: found.dataset, platform: bound ? { ...found.platform, agreement: bound } : found.platform }
}

/** A cleaner that works in the calling thread: for whoever owns the file, and for registries that are no files. */
export function cleanHere(rulebook: Rulebook, vault: Vault): Cleaner {
  const reading = { versions: rulebook.versions, vault, at: () => undefined }
  return {
    cleanChunk: async (rules, chunk, found) => {
      return { is: 'cleaned', chunk: cleanChunk(chunk, { ...findRules(rulebook, rules), ...reading, found }) }
    },
    keysOf: async (place, chunk) => ({ is: 'read', value: keysOfChunk(place, chunk, reading) }),
    rowsOf: async (place, chunk) => ({ is: 'read', value: rowsOfChunk(place, chunk, reading) }),
    cleanEntries: async (rules, entries) => {
      const { dataset, platform } = findRules(rulebook, rules)
      return entries.map((entry) => dataset.clean(entry, platform))
    },
    answers: async () => undefined,
  }
}
