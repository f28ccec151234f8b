import { describe, expect, it } from 'vitest'
import { newId } from '../../src/io/ids.ts'
import { freePort } from '../../src/io/local/port.ts'
import { guardRedis } from '../../src/io/postgres/server-checks.ts'
import { type RedisAddress, redisAddressOf } from '../../src/io/redis.ts'
import { listening } from '../support/listening.ts'
import { describeWithRedis } from '../support/redis.ts'
import { until } from '../support/running.ts'
import { KEEPING, redisServers } from '../support/servers/redis-servers.ts'

describe('where Redis is', () => {
  const of = (settings: Record<string, string>) => redisAddressOf({ REDIS_MASTER: 'titian', ...settings })

  it('is nowhere when nothing names it', () => {
    expect(of({})).toBeUndefined()
  })

  it('is read from one address, from sentinels, or from nodes of a cluster', () => {
    expect(of({ REDIS_URL: 'redis://u:p@h:1/2' })).toEqual({ url: 'redis://u:p@h:1/2' })
    expect(of({ REDIS_SENTINELS: '10.0.0.1, b:7,[::1]:9', REDIS_SENTINEL_PASSWORD: 'x' })?.sentinels).toEqual({
      hosts: [
        { host: '10.0.0.1', port: 26379 },
        { host: 'b', port: 7 },
        { host: '::1', port: 9 },
      ],
      master: 'titian',
      password: 'x',
    })
    expect(of({ REDIS_CLUSTER: 'a:1,b' })?.cluster).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 6379 },
    ])
  })

  it.each([
    [{ REDIS_SENTINELS: 'a', REDIS_CLUSTER: 'b' }, 'both'],
    [{ REDIS_URL: 'http://a' }, 'no address of Redis'],
    [{ REDIS_SENTINELS: 'a,,b' }, 'REDIS_SENTINELS wants host:port'],
    [{ REDIS_CLUSTER: 'redis://a:1' }, 'REDIS_CLUSTER wants host:port'],
    [{ REDIS_CLUSTER: 'a', REDIS_URL: 'redis://x/3' }, 'database 0 only'],
  ])('refuses %j with one sentence', (settings, sentence) => {
    expect(() => of(settings as Record<string, string>)).toThrow(sentence)
  })
})

// What docs/operations/roles-and-databases.md gives to a user of Redis.
const RIGHTS = '+@read +@write +@connection +@scripting +@pubsub -@dangerous +info'

describeWithRedis('queues on a Redis by itself', () => {
  it('need no command that is dangerous but INFO', async () => {
    await using redis = await redisServers(() => [
      ...KEEPING,
      `user titian on >secret ~{titian-* &{titian-* -@all ${RIGHTS}`,
    ])
    const address = { url: `redis://titian:secret@127.0.0.1:${redis.servers[0]?.port}` }
    await guardRedis(address)
    await using one = listening(address)
    await one.queue.dispatch('clean', [{ chunk: newId('chk'), epoch: 0, turn: 3 }])
    await until(() => one.received.length === 1)
    expect((await one.queue.counts()).clean).toMatchObject({ failed: 0, completed: 0 })
  })
})

describeWithRedis('queues on a Redis Cluster', () => {
  it('lie each on one node, and are served from whichever it is', async () => {
    // By itself a node takes its port and ten thousand for the others, which may be more than there are.
    const between = [await freePort(), await freePort(), await freePort()]
    const user = `user titian on >secret ~{titian-* &{titian-* -@all ${RIGHTS} +cluster|slots +cluster|info`
    const nodes = between.map((port) => () => [...KEEPING, user, 'cluster-enabled yes', `cluster-port ${port}`])
    await using redis = await redisServers(...nodes)
    const [a, b, c] = redis.servers
    await a?.call('CLUSTER ADDSLOTSRANGE 0 5460')
    await b?.call('CLUSTER ADDSLOTSRANGE 5461 10922')
    await c?.call('CLUSTER ADDSLOTSRANGE 10923 16383')
    await a?.call(`CLUSTER MEET 127.0.0.1 ${b?.port} ${between[1]}`)
    await a?.call(`CLUSTER MEET 127.0.0.1 ${c?.port} ${between[2]}`)
    for (const each of redis.servers)
      await until(async () => /cluster_state:ok[\s\S]*known_nodes:3/.test(String(await each.call('CLUSTER INFO'))), 20)
    const address = redisAddressOf({
      REDIS_CLUSTER: `127.0.0.1:${a?.port}`,
      REDIS_URL: 'redis://titian:secret@any',
      REDIS_MASTER: 'titian',
    }) as RedisAddress
    await guardRedis(address)
    await using one = listening(address)
    const dispatches = [0, 1, 2].map((epoch) => ({ chunk: newId('chk'), epoch }))
    await one.queue.dispatch('clean', dispatches)
    await one.queue.dispatch('link', dispatches)
    await until(() => one.received.length === 6)
    expect(Object.keys(await one.queue.counts())).toContain('link')
    const full = await Promise.all(redis.servers.map(async (each) => Number(await each.call('DBSIZE'))))
    expect(full.filter((keys) => keys > 0).length).toBeGreaterThan(1)
  }, 300_000)
})
