import { TitianError } from '../../domain/error.ts'
import type { KeptRow, LookupPlace, SealedChunk, SourceChunk } from '../../engine/cleaner.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { openEntries } from '../clean-chunk.ts'
import type { Rulebook } from '../clean-here.ts'
import { keptRows, keysLookedUp } from './kept-rows.ts'

/** What chunks are read with; `at` is told each line before it is worked. */
export type ChunkReading = { versions: Rulebook['versions']; vault: Vault; at(line: number): void }

/** The keys by which the records of a chunk look rows up. Throws `registry-invalid` when its dataset version is gone. */
export function keysOfChunk(place: LookupPlace, chunk: SealedChunk, { versions, ...reading }: ChunkReading): string[] {
  return keysLookedUp(openEntries(chunk, reading.vault), versionOf(versions, place.reader), { ...reading, place })
}

/** The rows of a chunk of another file that `place` looks up. Throws `registry-invalid` when a dataset version is gone. */
export function rowsOfChunk(
  place: LookupPlace,
  { without, ...chunk }: SourceChunk,
  { versions, ...reading }: ChunkReading,
): KeptRow[] {
  const entries = openEntries(chunk, reading.vault).filter(({ line }) => !without.includes(line))
  const { lookups } = versionOf(versions, place.reader)
  const { platform } = chunk
  return keptRows(entries, versionOf(versions, chunk.dataset), lookups, { ...reading, place, platform })
}

function versionOf(versions: Rulebook['versions'], name: string) {
  const found = versions.get(name)
  if (found === undefined) throw new TitianError('registry-invalid', `${name} is gone`)
  return found
}
