import { describe, expect, it } from 'vitest'
import type { BatchView } from '../../src/engine/batch-view.sql.ts'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

describe('a gateway that dies during an upload', () => {
  it.concurrent.each(['intake:chunk:3', 'intake:before-commit:1', 'intake:after-commit:1'])(
    'leaves one whole batch after the sender tries again: %s',
    async (point) => {
      await using system = await startSystem()
      const doomed = await system.start('serve', { CRASH_AT: point })
      await system.start('receiver')
      await system.start('work')
      const gateway = system.as('carik-jakarta')
      const pushing = gateway.push('carik', 'once', carikPayload(200))
      await doomed.ended
      await system.start('serve')
      const { batch } = await pushing
      await gateway.settled(batch.id)
      const { batches } = await gateway.get<{ batches: BatchView[] }>('/v1/batches')
      expect(batches.map(({ id }) => id)).toEqual([batch.id])
      expect(await judge(system, new Map([[batch.id, 200]]))).toMatchObject(FLAWLESS)
      await gateway.close()
    },
    120_000,
  )
})
