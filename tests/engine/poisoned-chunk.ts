import { decodeReport } from '../../src/domain/report.ts'
import { packEntries } from '../../src/engine/chunks/packing.ts'
import { openRaw, sealRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { handleDispatch, type RunnerDeps } from '../../src/engine/runner.ts'
import type { Stage, StageResult } from '../../src/engine/stage.ts'
import type { Vault } from '../../src/trust/keys/vault.ts'
import { readBatchState, receiveBatch } from '../support/batches.ts'
import type { TestDatabase } from '../support/database.ts'
import { insertEntry } from '../support/fixtures/rows.ts'

const ENTRIES = 10

/** A chunk of ten entries, one of which does harm whenever its chunk is cleaned; all others become `new`. */
export async function poisonedChunk(db: TestDatabase, vault: Vault, poison: number, harm: () => StageResult) {
  const { batch, chunk } = await receiveBatch(db.pool, { platform: 'sumedang' })
  const lines = Array.from({ length: ENTRIES }, (_, at) => at + 1)
  const entries = lines.map((line) => ({ line, form: 'object' as const, text: `{"n":${line}}` }))
  const sealed = await sealRaw(vault, { id: chunk, platform: 'sumedang' }, packEntries(entries))
  await db.pool.query('update chunk set raw = $1, first_line = 1, entries = $2 where id = $3', [sealed, ENTRIES, chunk])
  const stage: Stage = {
    name: 'clean',
    from: 'received',
    async run({ id, platform }) {
      const { rows } = await db.pool.query('select raw from chunk where id = $1', [id])
      const raw = openRaw(vault, { id, platform }, rows[0].raw)
      if (raw.some(({ line }) => line === poison)) return harm()
      return {
        is: 'done',
        save: async (tx) => {
          for (const { line } of raw) await insertEntry(tx, { batch, line, chunk: id })
          await tx.query('update chunk set new = entries where id = $1', [id])
          return 'settled'
        },
      }
    },
  }
  return {
    /** Works what is due until the batch has settled; tells how many rounds that took. */
    async settle(deps: RunnerDeps): Promise<number> {
      let rounds = 0
      for (; (await readBatchState(db.pool, batch)) !== 'settled' && rounds < 100; rounds++) {
        await db.pool.query('update chunk set due_at = now()')
        const { rows } = await db.pool.query("select id as chunk, epoch from chunk where state = 'received'")
        for (const dispatch of rows) await handleDispatch(stage, dispatch, deps)
      }
      return rounds
    },
    /** The outcome of every line, all findings, and the sums of the chunks. */
    async outcome() {
      const { rows } = await db.pool.query('select line, outcome from entry order by line')
      const reports = await db.pool.query('select findings from report')
      const sums = await db.pool.query(
        'select sum(entries)::int as entries, sum(new)::int as new, sum(held)::int as held from chunk',
      )
      return {
        lines: rows.map(({ line, outcome }) => `${line} ${outcome}`),
        findings: reports.rows.flatMap(({ findings }) => decodeReport(findings)),
        sums: sums.rows[0],
      }
    },
    /** What must come of it: the one line held as poison, all others new. */
    expected: {
      lines: lines.map((line) => `${line} ${line === poison ? 'held' : 'new'}`),
      findings: [{ line: poison, code: 'entry-poison', severity: 'hold', path: '' }],
      sums: { entries: ENTRIES, new: ENTRIES - 1, held: 1 },
    },
  }
}
