import { expect, it } from 'vitest'
import { FLAWLESS, judge } from '../support/oracle.ts'
import { describeWithRedis } from '../support/redis.ts'
import { startSystem } from '../support/system.ts'
import { carikPayload } from './families.ts'

describeWithRedis('a Redis that forgets in mid-run', () => {
  const HURTS = {
    'is flushed': async (redis: { command(line: string): Promise<string> }) => void (await redis.command('FLUSHALL')),
    'is killed and started again': (redis: { crash(): Promise<void> }) => redis.crash(),
  }

  it.each(Object.entries(HURTS))(
    'loses nothing when it %s',
    async (_name, hurt) => {
      await using system = await startSystem({ redis: true })
      const redis = system.redis
      if (redis === undefined) throw new Error('no Redis')
      await system.start('serve')
      await system.start('receiver')
      await system.start('work')
      const gateway = system.as('carik-jakarta')
      const { batch } = await gateway.push('carik', 'once', carikPayload(1000))
      await hurt(redis)
      await gateway.settled(batch.id)
      expect(await judge(system, new Map([[batch.id, 1000]]))).toMatchObject(FLAWLESS)
      await gateway.close()
    },
    120_000,
  )
})
