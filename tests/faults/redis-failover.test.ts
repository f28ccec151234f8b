import { it } from 'vitest'
import { newId } from '../../src/io/ids.ts'
import { guardRedis } from '../../src/io/postgres/server-checks.ts'
import { type RedisAddress, redisAddressOf } from '../../src/io/redis.ts'
import { listening } from '../support/listening.ts'
import { describeWithRedis } from '../support/redis.ts'
import { until } from '../support/running.ts'
import { KEEPING, redisServers } from '../support/servers/redis-servers.ts'

// A sentinel whose ticks come late, as on a loaded machine, does nothing for 30 s (TILT).
const TILTED = 90

describeWithRedis('queues on a Redis that sentinels watch', () => {
  it('go on with the replica that they name when the master is gone', async () => {
    await using redis = await redisServers(
      () => [...KEEPING],
      ([master]) => [...KEEPING, `replicaof 127.0.0.1 ${master}`],
      ([master]) => [
        `sentinel monitor titian 127.0.0.1 ${master} 1`,
        'sentinel down-after-milliseconds titian 500',
        'sentinel failover-timeout titian 2000',
      ],
    )
    const [master, replica, sentinel] = redis.servers
    await until(async () => /slave0:.*state=online/.test(String(await master?.call('INFO replication'))))
    // It would look for replicas every ten seconds only.
    await sentinel?.call('SENTINEL RESET titian')
    await until(async () => /slaves=1/.test(String(await sentinel?.call('INFO sentinel'))), TILTED)
    const address = redisAddressOf({ REDIS_SENTINELS: `127.0.0.1:${sentinel?.port}`, REDIS_MASTER: 'titian' })
    // The check asks once; a sentinel that was reset under load may have no answer yet.
    const isSafe = () =>
      guardRedis(address as RedisAddress).then(
        () => true,
        () => false,
      )
    await until(isSafe, TILTED)
    await using one = listening(address as RedisAddress)
    await one.queue.dispatch('clean', [{ chunk: newId('chk'), epoch: 0 }])
    await until(() => one.received.length === 1)
    await master?.kill()
    await until(async () => String(await replica?.call('INFO replication')).includes('role:master'), TILTED)
    // A dispatch fails until the connection is made again: the sweeper repeats it, as this does.
    const again = { chunk: newId('chk'), epoch: 1 }
    await until(async () => {
      await one.queue.dispatch('clean', [again]).catch(() => undefined)
      return one.received.some(({ epoch }) => epoch === 1)
    }, TILTED)
  }, 600_000)
})
