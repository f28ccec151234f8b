import { expect, it } from 'vitest'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

it('applies each delivery once when the receiver dies after its commit and before its answer', async () => {
  await using system = await startSystem()
  await system.start('serve')
  const doomed = await system.start('receiver', { CRASH_AT: 'receiver:after-commit:2' })
  await system.start('work')
  const gateway = system.as('carik-jakarta')
  const { batch } = await gateway.push('carik', 'once', carikPayload(200))
  await doomed.ended
  await system.start('receiver')
  await gateway.settled(batch.id)
  expect(await judge(system, new Map([[batch.id, 200]]))).toMatchObject(FLAWLESS)
  await gateway.close()
}, 600_000)
