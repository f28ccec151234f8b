import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import type { BatchId, ChunkId } from '../../../src/domain/ids.ts'
import { withClient } from '../../../src/io/postgres/postgres.ts'
import { sql } from '../../../src/io/postgres/sql.ts'
import { followSize } from '../../../src/link/persons/follow-size.db.ts'
import { readSize } from '../../../src/link/subjects/size.sql.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { correction, entry, link, outcomesOf, person, push, scoringModel, submit, vault } from '../support.ts'

// Nobody is surely one person, and everybody alike is asked about. It was trained on so little that four records are many.
const judge = {
  ...scoringModel,
  records: 2 ** -60,
  thresholds: { ...scoringModel.thresholds, same: 500 },
}
const RATNA = { nama: 'RATNA KUSUMAWARDANI', tanggal_lahir: '1983-04-17', jenis_kelamin: '2' }
const NUMBERED = { nama: 'SARI', tanggal_lahir: '1991-12-02', nomor_induk_kependudukan: '3171034705600002' }
const deps = { vault, scoringModel: judge, crash: () => undefined }

/** Two who are asked about since they look alike, and two who share a number. */
async function asked(db: Pool): Promise<void> {
  for (const dataset of ['carik', 'dtks-individu']) {
    const entries = [entry(1, 'R', person('R', RATNA)), entry(2, 'S', person('S', NUMBERED))]
    await link(db, await submit(db, entries, { dataset }), { judge })
  }
}

const analyzed = ({ ownerUrl }: TestDatabase) => withClient(ownerUrl, (owner) => owner.query('analyze source_record'))

async function desk(db: Pool): Promise<number> {
  return (await db.query(sql`select from review where state = 'open'`)).rowCount ?? 0
}

async function ownChunks(db: Pool): Promise<{ batch: BatchId; chunk: ChunkId }[]> {
  const { rows } = await db.query<{ batch: BatchId; chunk: ChunkId }>(sql`
    select b.id as batch, c.id as chunk from batch b join chunk c on c.batch = b.id where b.kind = 'relink'`)
  return rows
}

describe('as the registry grows', () => {
  it('possible matches for which too little speaks leave the desk, those who share a NIK stay, and persons stay as they are', async () => {
    await using db = await freshDatabase()
    await asked(db.pool)
    expect(await desk(db.pool)).toBe(2)
    await analyzed(db)
    expect([await followSize(db.pool, deps), await readSize(db.pool)]).toEqual([1, 4])
    const [own, ...others] = await ownChunks(db.pool)
    if (own === undefined) throw new Error('nothing is judged again')
    expect(others).toEqual([])
    const { lines } = await link(db.pool, await correction(db.pool, own), { judge })
    expect(await desk(db.pool)).toBe(1)
    // Who is no longer under review is told so, and stays who it was.
    expect(lines.map(({ origin, merged }) => [origin.length, merged])).toEqual([
      [1, undefined],
      [1, undefined],
    ])
    expect(Object.values(await outcomesOf(db.pool, own.batch)).sort()).toEqual([
      'unchanged',
      'unchanged',
      'updated',
      'updated',
    ])
    expect(await followSize(db.pool, deps)).toBe(0)
    expect(await ownChunks(db.pool)).toHaveLength(1)
  })

  it('who comes later is not asked about either', async () => {
    await using db = await freshDatabase()
    await asked(db.pool)
    await analyzed(db)
    await followSize(db.pool, deps)
    const chunk = await submit(db.pool, [entry(1, 'T', person('T', RATNA))], { dataset: 'p3ke-individu' })
    await link(db.pool, chunk, { judge })
    // The two who share a NIK are left, and the two like whom the third is are looked at with it.
    expect(await desk(db.pool)).toBe(1)
  })

  it('a chunk that was planned at the size of before is worked anew', async () => {
    await using db = await freshDatabase()
    await asked(db.pool)
    await analyzed(db)
    const chunk = await submit(db.pool, [entry(1, 'T', person('T', RATNA))], { dataset: 'p3ke-individu' })
    const pause = async () => void (await followSize(db.pool, deps))
    const { anew } = await link(db.pool, chunk, { judge, pause })
    expect([anew, await desk(db.pool)]).toEqual([1, 1])
  })

  it('nothing is judged again while the model knows as many records', async () => {
    await using db = await freshDatabase()
    await asked(db.pool)
    await analyzed(db)
    expect(await followSize(db.pool, { ...deps, scoringModel })).toBe(1)
    expect([await readSize(db.pool), await ownChunks(db.pool), await desk(db.pool)]).toEqual([4, [], 2])
  })

  it('nothing is left of a look that ends before its commit, and the next one does it', async () => {
    await using db = await freshDatabase()
    await asked(db.pool)
    await analyzed(db)
    const crash = (point: string) => {
      throw new Error(point)
    }
    await expect(followSize(db.pool, { ...deps, crash })).rejects.toThrow('registry-size:before-commit')
    expect([await readSize(db.pool), await ownChunks(db.pool)]).toEqual([0, []])
    expect(await followSize(db.pool, deps)).toBe(1)
    expect(await ownChunks(db.pool)).toHaveLength(1)
  })

  it('a registry that PostgreSQL has not looked at keeps the size that is known, as a restored one does', async () => {
    await using db = await freshDatabase()
    await push(db.pool, [entry(1, 'R', person('R', RATNA))])
    await db.pool.query('update subjects_state set records = 1024')
    expect([await followSize(db.pool, deps), await readSize(db.pool)]).toEqual([0, 1024])
    await analyzed(db)
    expect([await followSize(db.pool, deps), await readSize(db.pool)]).toEqual([1, 1])
  })
})
