import { describe, expect, it } from 'vitest'
import type { BatchId } from '../../../src/domain/ids.ts'
import { readRecordsAfter } from '../../../src/link/subjects/withdrawal.sql.ts'
import { retentionTask } from '../../../src/link/withdraw/retention.db.ts'
import { retentionsAt } from '../../../src/trust/agreements/retention.ts'
import { REGISTRY } from '../../console/desk.ts'
import { workAll } from '../../flows/stages.ts'
import { openOffice, resident, SMART_KAMPUNG } from '../../programmes/office.ts'

const lines = (...rows: string[]) => `${rows.join('\n')}\n`
const kampung = { platform: SMART_KAMPUNG, dataset: 'smart-kampung' }

describe('what an agreement lets be kept no longer', () => {
  it('is taken out and told to BPS, unless it was pushed again, as it is or otherwise', async () => {
    await using desk = await openOffice()
    const region = await desk.office(SMART_KAMPUNG)
    const { pool } = desk.db
    const retention = { retentions: () => [{ ...kampung, days: 365 }], crash: () => undefined }
    const { run } = retentionTask(retention)
    await desk.take(region, 'smart-kampung', 'old', lines(resident(1), resident(2), resident(3), resident(4)))
    expect(await run(pool)).toBe(0)
    await pool.query(`update batch set received_at = now() - interval '400 days' where kind = 'push'`)
    // One is stated again as it is, one otherwise, and one could not be read: its source means to state it.
    await desk.take(region, 'smart-kampung', 'again', lines(resident(2), resident(3, { pekerjaan: 'Pedagang' })))
    const dying = retentionTask({
      ...retention,
      crash: () => {
        throw new Error('the power went')
      },
    })
    await expect(dying.run(pool)).rejects.toThrow('the power went')
    // The records of two persons and of their families.
    expect(await run(pool)).toBe(4)
    // Asked again before it is done: nothing is taken out twice.
    expect(await run(pool)).toBe(0)
    await workAll(desk, await REGISTRY)
    const bps = await desk.caller(null, ['deliveries:read'])
    type Change = { kind: string; level: string }
    const { changes } = (await (await bps('/v1/changes?limit=1000')).json()) as { changes: Change[] }
    const withdrawn = changes.filter(({ kind }) => kind === 'withdrawn').map(({ level }) => level)
    expect(withdrawn.sort()).toEqual(['individu', 'individu', 'keluarga', 'keluarga'])
    const { rows } = await pool.query(`select reason, requested_by from withdrawal`)
    expect(rows).toEqual([{ reason: 'retention', requested_by: 'titian' }])

    const ops = await desk.caller(null, ['ops'])
    const { datasets } = (await (await ops('/v1/retention')).json()) as { datasets: Record<string, unknown>[] }
    expect(datasets.find(({ platform }) => platform === SMART_KAMPUNG)).toMatchObject({
      dataset: 'smart-kampung',
      days: null,
      records: 4,
      expired: 2,
    })
    expect(((await (await ops('/v1/conservation')).json()) as { gap: number }).gap).toBe(0)
    expect(await run(pool)).toBe(0)
  })

  it('is looked through by whole entries: a family leaves together', async () => {
    await using desk = await openOffice()
    const region = await desk.office(SMART_KAMPUNG)
    const { pool } = desk.db
    await desk.take(region, 'smart-kampung', 'old', lines(resident(1), resident(2), resident(3)))
    const { rows } = await pool.query<{ id: BatchId }>(`select id from batch where kind = 'push'`)
    const page = await readRecordsAfter(pool, [rows[0]?.id ?? 'bat_'], { batch: '', line: 0 }, 3)
    expect(page.map(({ line }) => line)).toEqual([1, 1, 2, 2])
    const rest = await readRecordsAfter(pool, [rows[0]?.id ?? 'bat_'], page.at(-1) ?? { batch: '', line: 0 }, 3)
    expect(rest.map(({ line }) => line)).toEqual([3, 3])
  })

  it('follows the agreement that binds on the day', () => {
    const agreement = {
      ...{ number: 'PKS-2', parties: [], purpose: '', legalBasis: [], fields: '*' as const },
      validFrom: '2026-01-01',
      validTo: '2026-12-31',
    }
    const earlier = {
      ...agreement,
      number: 'PKS-1',
      validFrom: '2025-01-01',
      validTo: '2025-12-31',
      retention: { a: 30 },
    }
    const platform = {
      name: 'p',
      title: 'P',
      scope: ['31'],
      datasets: ['a'],
      contact: 'x',
      agreement,
      earlier: [earlier],
    }
    expect(retentionsAt([platform], new Date('2025-06-01'))).toEqual([{ platform: 'p', dataset: 'a', days: 30 }])
    expect(retentionsAt([platform], new Date('2026-06-01'))).toEqual([])
  })
})
