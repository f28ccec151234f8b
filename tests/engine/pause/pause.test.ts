import { describe, expect, it } from 'vitest'
import { dispatchDue } from '../../../src/engine/dispatch.db.ts'
import { pauseStage, resumeStage } from '../../../src/engine/pause/pause.db.ts'
import { stagesBefore, stoppedBy } from '../../../src/engine/pause/pause.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import type { Queue } from '../../../src/io/queue.ts'
import { readChunk, receiveBatch } from '../../support/batches.ts'
import { freshDatabase } from '../../support/database.ts'

const silent: Pick<Queue, 'dispatch'> = { dispatch: async () => undefined }
const SHARES = { window: 4 }

describe('a stage that an operator stops', () => {
  it.for([
    ['clean', []],
    ['link', ['clean']],
    ['forward', ['clean', 'link']],
    ['results', []],
  ] as const)('has the stages before %s', ([stage, before]) => {
    expect(stagesBefore(stage)).toEqual(before)
  })

  it('stops itself when paused, and what comes before it when drained', () => {
    const of = { platform: 'sumedang', stage: 'link' } as const
    expect(stoppedBy([{ ...of, wish: 'pause' }])).toEqual([{ platform: 'sumedang', state: 'clean' }])
    expect(stoppedBy([{ ...of, wish: 'drain' }])).toEqual([{ platform: 'sumedang', state: 'received' }])
  })

  it('leaves a paused platform where it is, another in its work, and goes on when resumed', async () => {
    await using db = await freshDatabase()
    const paused = await receiveBatch(db.pool)
    const other = await receiveBatch(db.pool, { platform: 'jembrana' })
    const order = { platform: 'sumedang', stage: 'clean', actor: 'ops-1' } as const
    await pauseStage(db.pool, order, 'pause')
    expect(await dispatchDue(db.pool, silent, SHARES)).toBe(1)
    expect(await readChunk(db.pool, paused.chunk)).toMatchObject({ dispatched: false, state: 'received' })
    expect(await readChunk(db.pool, other.chunk)).toMatchObject({ dispatched: true })
    expect(await resumeStage(db.pool, order)).toBe(true)
    expect(await resumeStage(db.pool, order)).toBe(false)
    expect(await dispatchDue(db.pool, silent, SHARES)).toBe(1)
    const { rows } = await db.pool.query(
      sql`select action from audit where object = 'sumedang/clean' order by sequence`,
    )
    expect(rows).toEqual([{ action: 'stage.paused' }, { action: 'stage.resumed' }])
  })

  it('calls back what waits in the queue, and leaves what a worker has', async () => {
    await using db = await freshDatabase()
    const { chunks } = await receiveBatch(db.pool, { chunks: 2 })
    expect(await dispatchDue(db.pool, silent, SHARES)).toBe(2)
    await db.pool.query(
      sql`update chunk set epoch = 1, lease_until = now() + interval '1 minute' where id = ${chunks[0] ?? ''}`,
    )
    await pauseStage(db.pool, { platform: 'sumedang', stage: 'clean', actor: 'ops-1' }, 'pause')
    expect(await readChunk(db.pool, chunks[0] as never)).toMatchObject({ leased: true, dispatched: true, epoch: 1 })
    expect(await readChunk(db.pool, chunks[1] as never)).toMatchObject({ dispatched: false, epoch: 1 })
  })

  it('drains a stage by holding back the stage before it alone', async () => {
    await using db = await freshDatabase()
    const { chunks } = await receiveBatch(db.pool, { chunks: 2 })
    await db.pool.query(sql`update chunk set state = 'clean' where id = ${chunks[1] ?? ''}`)
    await pauseStage(db.pool, { platform: 'sumedang', stage: 'link', actor: 'ops-1' }, 'drain')
    expect(await dispatchDue(db.pool, silent, SHARES)).toBe(1)
    expect(await readChunk(db.pool, chunks[1] as never)).toMatchObject({ dispatched: true, state: 'clean' })
  })
})
