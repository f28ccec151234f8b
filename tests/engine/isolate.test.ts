import { expect, it } from 'vitest'
import { entryIsolator } from '../../src/engine/poison.db.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps } from '../support/running.ts'
import { poisonedChunk } from './poisoned-chunk.ts'

it.each([1, 7, 10])(
  'parts a chunk from line %i that gets stuck, holds that entry alone, and lets the rest pass',
  async (line) => {
    await using db = await freshDatabase()
    const vault = openVault(createKeyRing(new Date()))
    await using deps = runnerDeps(db, { isolate: entryIsolator({ vault }) })
    let tries = 0
    const poisoned = await poisonedChunk(db, vault, line, () => {
      tries += 1
      return { is: 'stuck', line }
    })
    expect(await poisoned.settle(deps)).toBeLessThan(10)
    expect(await poisoned.outcome()).toEqual(poisoned.expected)
    expect(tries).toBe(3)
  },
)
