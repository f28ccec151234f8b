import { CHUNK } from '../../src/domain/states.ts'
import type { ClaimedChunk } from '../../src/engine/stage.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { followSize } from '../../src/link/persons/follow-size.db.ts'
import { type BenchRegistry, workChunk } from '../registry.ts'

/** Does what a sweep and the workers do as the registry grows: possible matches are judged again where it asks for more by now. */
export async function followGrowth(bench: BenchRegistry): Promise<void> {
  const { db, vault, scoringModel, address } = bench
  await withClient(address.ownerUrl, (owner) => owner.query('analyze source_record'))
  if ((await followSize(db, { vault, scoringModel, crash: () => undefined })) === 0) return
  const { rows } = await db.query<ClaimedChunk>(sql`
    select c.id, c.batch, b.kind, c.platform, b.dataset, b.dataset_version as "datasetVersion", b.agreement,
      b.receipt_order::text as "receiptOrder", c.first_line as "firstLine", c.entries
    from chunk c join batch b on b.id = c.batch where b.kind = 'relink' and c.state = ${CHUNK.clean} order by c.first_line`)
  for (const row of rows)
    await workChunk(bench, { ...row, epoch: 1, attempts: 1, isReleased: false, isSnapshot: false })
}
