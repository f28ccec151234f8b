import type { Static } from 'typebox'
import { expect, inject, it } from 'vitest'
import { whenMade } from '../../src/cli/programmes/candidates.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import type { CandidateList } from '../../src/programmes/shapes.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

const FAMILIES = 1200

it('a gateway that dies between two pages of a list leaves it to be gone on with, nobody lost or counted twice', async () => {
  await using system = await startSystem()
  const doomed = await system.start('serve', { CRASH_AT: 'programmes:page:2' })
  await system.start('receiver')
  await system.start('work')
  const gateway = system.as('carik-jakarta')
  const { batch } = await gateway.push('carik', 'once', carikPayload(FAMILIES))
  const settled = await gateway.settled(batch.id)
  const making = whenMade(() => gateway.post<Static<typeof CandidateList>>('/v1/programmes/sembako/lists'))
  await doomed.ended
  expect(doomed.signal()).toBe('SIGKILL')
  await system.start('serve')
  const { id, counts } = await making
  expect(counts).toMatchObject({ residents: settled.counts.new, candidates: 0, undecided: settled.counts.new })
  await withClient(`${inject('postgres').app}${system.database}`, async (db) => {
    const { rows } = await db.query(sql`
      select count(*)::integer as listed, count(distinct subject)::integer as subjects,
        (select sum(residents)::integer from programme_list_village where list = ${id}) as residents
      from programme_verdict where list = ${id}`)
    expect(rows).toEqual([{ listed: counts.undecided, subjects: counts.undecided, residents: counts.residents }])
  })
  await gateway.close()
}, 600_000)
