// Links the chunks that its parent sends, one after the other, and answers when each is committed.
import { setTimeout as delay } from 'node:timers/promises'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { inTransaction, openPool } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import type { KeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { openLinking } from '../registry.ts'

/** What a worker is told: first where the registry is, then a chunk at a time. */
export type Order = { url: string; ring: KeyRing } | { chunk: ClaimedChunk }

// A chunk that has to wait for another is tried again, as the runner does after a second.
const AGAIN_MS = 50

let link: ((chunk: ClaimedChunk) => Promise<void>) | undefined

process.on('message', async (order: Order) => {
  if ('chunk' in order) await link?.(order.chunk)
  else link = await open(order)
  process.send?.('ready')
})
process.once('disconnect', () => process.exit())

async function open({ url, ring }: { url: string; ring: KeyRing }) {
  const db = openPool(url, 4)
  const { stage } = await openLinking(db, openVault(ring))
  return async (chunk: ClaimedChunk) => {
    for (;;) {
      const result = await stage.run(chunk, AbortSignal.timeout(600_000))
      if (result.is === 'done') {
        await inTransaction(db, async (tx) => {
          const state = await result.save(tx)
          await tx.query(sql`update chunk set state = ${state}, cleaned = null where id = ${chunk.id}`)
        })
        return
      }
      await delay(AGAIN_MS)
    }
  }
}
