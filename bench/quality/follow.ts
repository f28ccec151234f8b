import { CHUNK } from '../../src/domain/states.ts'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { inTransaction, withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { followSize } from '../../src/link/persons/follow-size.db.ts'
import type { BenchRegistry } from '../registry.ts'

/** Does what a sweep and the workers do as the registry grows: possible matches are judged again where it asks for more by now. */
export async function followGrowth(bench: BenchRegistry): Promise<void> {
  const { db, vault, scoringModel, stage, address } = bench
  await withClient(address.ownerUrl, (owner) => owner.query('analyze source_record'))
  if ((await followSize(db, { vault, scoringModel, crash: () => undefined })) === 0) return
  const { rows } = await db.query<ClaimedChunk>(sql`
    select c.id, c.batch, b.kind, c.platform, b.dataset, b.dataset_version as "datasetVersion", b.agreement,
      b.receipt_order::text as "receiptOrder", c.first_line as "firstLine", c.entries
    from chunk c join batch b on b.id = c.batch where b.kind = 'relink' and c.state = ${CHUNK.clean} order by c.first_line`)
  for (const row of rows) {
    const chunk = { ...row, epoch: 1, attempts: 1, isReleased: false, isSnapshot: false }
    const result = await stage.run(chunk, AbortSignal.timeout(600_000))
    if (result.is !== 'done') throw new Error('a chunk of the bench has to wait')
    await inTransaction(db, async (tx) => {
      const state = await result.save(tx)
      await tx.query(sql`update chunk set state = ${state}, cleaned = null where id = ${chunk.id}`)
    })
  }
}
