import { describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import type { SubjectId } from '../../src/domain/ids.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import { subjectRegister } from '../../src/link/persons/subject-register.db.ts'
import { resultReader } from '../../src/results/latest.db.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { JEMBRANA_HEAD, jembranaRow, postResults, workThrough } from './posting.ts'

describe('results of subjects that become one', () => {
  it('are read under the living id and the former one, the newer of the two', async () => {
    const registry = await openRegistry({}, openVault(createKeyRing(new Date())))
    await using gateway = await openGateway({}, registry)
    const bps = await gateway.caller(null, ['results:write'])
    const jembrana = await gateway.caller('jembrana')
    const rows = [
      jembranaRow('A1'),
      jembranaRow('B1', { nik: '5101011204760002', kk: '5101052702130009', name: 'I MADE LAIN', born: '12-04-76' }),
    ]
    const body = `${[JEMBRANA_HEAD, ...rows].join('\n')}\n`
    await push(jembrana, 'k-1', body, { dataset: 'jembrana', 'content-type': 'text/csv' })
    await workThrough(gateway, registry)
    const said = { version: '2026-Q2', status: 'active' }
    const lines = [
      { nik: '5101010703760001', ...said, as_of: '2026-06-30', dukcapil: 'match' },
      { nik: '5101011204760002', ...said, as_of: '2026-03-31', dukcapil: 'mismatch' },
    ]
    expect((await postResults(gateway, registry, bps, lines, { key: 'r-1' })).batch.counts).toMatchObject({ new: 2 })

    const { pool } = gateway.db
    const { rows: found } = await pool.query<{ subject: SubjectId; asOf: string }>(sql`
      select subject, as_of::text as "asOf" from subject_result order by as_of`)
    const [older, newer] = found.map(({ subject }) => subject) as [SubjectId, SubjectId]
    // The subject with the newer result is found to be the other one, as the link stage would write it.
    await pool.query(sql`update subject set merged_into = ${older} where id = ${newer}`)
    await pool.query(sql`update source_record set subject = ${older} where subject = ${newer}`)

    const latestResults = resultReader(subjectRegister(gateway.vault))
    const results = await latestResults(pool, gateway.vault, [older, newer, 'per_00000000000000000000000000'])
    expect([...results.keys()].sort()).toEqual([older, newer].sort())
    for (const id of [older, newer])
      expect(results.get(id)).toMatchObject({ subject: older, asOf: '2026-06-30', dukcapil: 'match' })

    const again = await postResults(gateway, registry, bps, [{ subject: newer, ...said, as_of: '2026-03-31' }], {
      key: 'r-2',
    })
    expect(again.findings).toEqual([[1, 'result-older', '/as_of']])
    const both = await postResults(
      gateway,
      registry,
      bps,
      [{ nik: '5101010703760001', subject: older, ...said, as_of: '2026-07-31' }],
      { key: 'r-3' },
    )
    expect(both.batch.counts).toMatchObject({ updated: 1 })
  }, 300_000)
})
