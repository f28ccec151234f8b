import { expect, it } from 'vitest'
import { decodeReport } from '../../src/domain/report.ts'
import { packEntries } from '../../src/engine/chunks/packing.ts'
import { openRaw, sealRaw } from '../../src/engine/chunks/sealed-chunk.ts'
import { entryIsolator } from '../../src/engine/poison.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import type { Stage } from '../../src/engine/stage.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { readBatchState, receiveBatch } from '../support/batches.ts'
import { freshDatabase } from '../support/database.ts'
import { runnerDeps } from '../support/running.ts'

it.each([1, 7, 10])(
  'parts a chunk from line %i that gets stuck, holds that entry alone, and lets the rest pass',
  async (stuck) => {
    await using db = await freshDatabase()
    const vault = openVault(createKeyRing(new Date()))
    await using deps = runnerDeps(db, { isolate: entryIsolator({ vault }) })
    const { batch, chunk } = await receiveBatch(db.pool, { platform: 'sumedang' })
    const lines = Array.from({ length: 10 }, (_, at) => at + 1)
    const entries = lines.map((line) => ({ line, form: 'object' as const, text: `{"n":${line}}` }))
    const sealed = await sealRaw(vault, { id: chunk, platform: 'sumedang' }, packEntries(entries))
    await db.pool.query('update chunk set raw = $1, first_line = 1, entries = 10 where id = $2', [sealed, chunk])

    let tries = 0
    const stage: Stage = {
      name: 'clean',
      from: 'received',
      async run({ id, platform }) {
        const { rows } = await db.pool.query('select raw from chunk where id = $1', [id])
        const raw = openRaw(vault, { id, platform }, rows[0].raw)
        if (raw.some(({ line }) => line === stuck)) {
          tries += 1
          return { is: 'stuck', line: stuck }
        }
        return {
          is: 'done',
          save: async (tx) => {
            for (const { line } of raw)
              await tx.query("insert into entry (batch, line, chunk, outcome) values ($1, $2, $3, 'new')", [
                batch,
                line,
                id,
              ])
            await tx.query('update chunk set new = entries where id = $1', [id])
            return 'settled'
          },
        }
      },
    }
    for (let rounds = 0; (await readBatchState(db.pool, batch)) !== 'settled'; rounds++) {
      expect(rounds).toBeLessThan(10)
      await db.pool.query('update chunk set due_at = now()')
      const { rows } = await db.pool.query("select id as chunk, epoch from chunk where state = 'received'")
      for (const dispatch of rows) await handleDispatch(stage, dispatch, deps)
    }

    const { rows } = await db.pool.query('select line, outcome from entry order by line')
    expect(rows.map(({ line, outcome }) => `${line} ${outcome}`)).toEqual(
      lines.map((line) => `${line} ${line === stuck ? 'held' : 'new'}`),
    )
    expect(tries).toBe(3)
    const reports = await db.pool.query('select findings from report')
    expect(reports.rows.flatMap(({ findings }) => decodeReport(findings))).toEqual([
      { line: stuck, code: 'entry-poison', severity: 'hold', path: '' },
    ])
  },
)
