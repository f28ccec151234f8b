import type { CleanEntry, RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import type { Cleaner, CleaningRules } from '../../engine/cleaner.ts'
import { ENGINE_FINDINGS } from '../../engine/findings.ts'
import { openThread } from '../../io/thread.ts'
import { ringFor } from '../../trust/keys/holders.ts'
import type { CleaningData, CleaningTask, CleaningValue } from './cleaning.thread.ts'

// Entries of one body that may use up their time.
const MOST_STUCK = 2

export type CleanerOptions = CleaningData & {
  /** How many seconds one entry may take. */
  entrySeconds: number
  /** Room for the thread's objects. */
  memoryMb: number
  /** Reads the key ring again: its keys were rotated since. */
  reload(): CleaningData['ring']
}

/** Opens the thread that cleans entries for this process; it starts with its first work, or when told to. */
export function openCleaner(options: CleanerOptions): Cleaner & { start(): Promise<void>; close(): Promise<void> } {
  const { entrySeconds, memoryMb, reload, ...given } = options
  // It signs nothing.
  const data = { ...given, ring: ringFor('cleaner', given.ring) }
  const thread = openThread<CleaningTask, CleaningValue>({
    file: new URL('./cleaning.thread.ts', import.meta.url),
    data,
    deadlineMs: entrySeconds * 1000,
    memoryMb,
  })
  // The thread keeps the ring that it was started with.
  const run = async (task: CleaningTask) => {
    try {
      return await thread.run(task)
    } catch (error) {
      if (!(error instanceof TitianError && error.code === 'keys-outdated')) throw error
      Object.assign(data.ring, ringFor('cleaner', reload()))
      await thread.restart()
      return thread.run(task)
    }
  }
  return {
    async cleanChunk(rules, chunk, found) {
      const result = await run({ is: 'chunk', rules, chunk, found })
      if (result.is === 'stuck') return { is: 'stuck', line: result.position }
      if (!('chunk' in result.value)) throw new Error('the thread answered another task')
      return { is: 'cleaned', chunk: result.value.chunk }
    },
    async keysOf(place, chunk) {
      const result = await run({ is: 'keys', place, chunk })
      if (result.is === 'stuck') return { is: 'stuck', line: result.position }
      if (!('keys' in result.value)) throw new Error('the thread answered another task')
      return { is: 'read', value: result.value.keys }
    },
    async rowsOf(place, chunk) {
      const result = await run({ is: 'rows', place, chunk })
      if (result.is === 'stuck') return { is: 'stuck', line: result.position }
      if (!('rows' in result.value)) throw new Error('the thread answered another task')
      return { is: 'read', value: result.value.rows }
    },
    async cleanEntries(rules, entries) {
      const cleaned: CleanEntry[] = []
      // Every pass gets past one entry at least; a body that gets stuck again and again keeps others from the thread.
      for (let passes = 0; cleaned.length < entries.length; passes++) {
        if (passes > MOST_STUCK) throw new TitianError('entries-stuck', `${passes} entries of one body got stuck`)
        cleaned.push(...(await cleanUntilStuck(rules, entries.slice(cleaned.length))))
      }
      return cleaned
    },
    async answers() {
      const { is } = await run({ is: 'nothing' })
      if (is === 'stuck') throw new Error('the thread got stuck at nothing')
    },
    start: () => thread.start(),
    close: () => thread.close(),
  }

  /** The entries before one that gets stuck are cleaned again by themselves, and it is held. */
  async function cleanUntilStuck(rules: CleaningRules, entries: readonly RawEntry[]): Promise<CleanEntry[]> {
    const result = await run({ is: 'entries', rules, entries })
    if (result.is === 'done') {
      if (!('entries' in result.value)) throw new Error('the thread answered another task')
      return result.value.entries
    }
    const stuck = entries[result.position]
    if (stuck === undefined) throw new Error(`the thread got stuck at entry ${result.position} of ${entries.length}`)
    const before = result.position > 0 ? await cleanUntilStuck(rules, entries.slice(0, result.position)) : []
    return [...before, heldAsPoison(stuck)]
  }
}

function heldAsPoison({ line }: RawEntry): CleanEntry {
  const { severity } = ENGINE_FINDINGS['entry-poison']
  return { line, key: null, verdict: 'held', findings: [{ code: 'entry-poison', severity, path: '' }], records: [] }
}
