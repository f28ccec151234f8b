import { describe, expect, it } from 'vitest'
import { freePort } from '../../../src/io/local/port.ts'
import { openPool, withClient } from '../../../src/io/postgres/postgres.ts'
import type { ServerFacts } from '../../../src/io/postgres/server-checks.sql.ts'
import {
  guardPostgres,
  guardRedis,
  postgresFault,
  redisFault,
  redisRefusal,
} from '../../../src/io/postgres/server-checks.ts'
import { emptyDatabase, freshDatabase } from '../../support/database.ts'
import { describeWithRedis } from '../../support/redis.ts'
import { redisUnderTest } from '../../support/servers/redis-server.ts'

const LIMITS = { LEASE_SECONDS: 30, DATABASE_CONNECTIONS: 10 }
const NOW = 1_800_000_000_000
const GOOD: ServerFacts = {
  fsync: 'on',
  fullPageWrites: 'on',
  synchronousCommit: 'on',
  encoding: 'UTF8',
  recovering: false,
  superuser: false,
  bypassesRls: true,
  now: NOW,
  freeConnections: 90,
}

describe('the guard of PostgreSQL', () => {
  it.each<[string, Partial<ServerFacts>]>([
    ['fsync', { fsync: 'off' }],
    ['full_page_writes', { fullPageWrites: 'off' }],
    ['synchronous_commit', { synchronousCommit: 'off' }],
    ['SQL_ASCII', { encoding: 'SQL_ASCII' }],
    ['standby', { recovering: true }],
    ['superuser', { superuser: true }],
    ['row security', { bypassesRls: false }],
    ['clocks', { now: NOW - 8_000 }],
    ['max_connections', { freeConnections: 9 }],
  ])('names %s in its one sentence', (word, wrong) => {
    expect(postgresFault({ ...GOOD, ...wrong }, LIMITS, NOW)).toMatch(new RegExp(`^[^\\n]*${word}[^\\n]*$`))
  })

  it('finds nothing wrong with a good server', () => {
    expect(postgresFault(GOOD, LIMITS, NOW)).toBeUndefined()
  })

  it('lets the server and the database of the tests pass', async () => {
    await using db = await freshDatabase()
    await guardPostgres(db.pool, LIMITS, Date.now)
  })

  it('refuses a database without our tables', async () => {
    await using db = await emptyDatabase()
    await expect(guardPostgres(db.pool, LIMITS, Date.now)).rejects.toMatchObject({
      code: 'server-unsafe',
      message: expect.stringContaining('titian migrate'),
    })
  })

  it('refuses tables that are older than this version, and a queue without tables', async () => {
    await using db = await freshDatabase()
    await withClient(db.ownerUrl, (owner) => owner.query("update migration set name = '0000_' || name"))
    await expect(guardPostgres(db.pool, LIMITS, Date.now)).rejects.toThrow('titian migrate')
    await using other = await freshDatabase()
    await withClient(other.ownerUrl, (owner) => owner.query('drop schema bullmq cascade'))
    await expect(guardPostgres(other.pool, LIMITS, Date.now)).rejects.toThrow('queue tables')
  })

  it('refuses a server whose settings were changed for the role', async () => {
    await using db = await freshDatabase()
    // For this database alone: the role is shared with every other test.
    const name = new URL(db.url).pathname.slice(1)
    await db.pool.query(`alter role current_user in database ${name} set synchronous_commit = off`)
    const pool = openPool(db.url, 1)
    const refusal = guardPostgres(pool, LIMITS, Date.now)
    await expect(refusal).rejects.toThrow('synchronous_commit')
    await pool.end()
  })
})

describe('the guard of Redis', () => {
  const INFO = 'role:master\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n'

  it.each([
    ['replica', INFO.replace('master', 'slave')],
    ['allkeys-lru', INFO.replace('noeviction', 'allkeys-lru')],
    ['append-only', INFO.replace('aof_enabled:1', 'aof_enabled:0')],
  ])('names %s in its one sentence', (word, info) => {
    expect(redisFault(info)).toContain(word)
  })

  it('finds nothing wrong with a good Redis', () => {
    expect(redisFault(INFO)).toBeUndefined()
  })

  it('refuses a Redis that does not answer', async () => {
    await expect(guardRedis({ url: `redis://127.0.0.1:${await freePort()}` })).rejects.toMatchObject({
      code: 'server-unsafe',
    })
  })
})

describeWithRedis('the guard of a running Redis', () => {
  it('lets one pass that keeps everything, and refuses it when it may evict', async () => {
    await using redis = await redisUnderTest()
    await guardRedis({ url: redis.url })
    await redis.command('CONFIG SET maxmemory-policy allkeys-lru')
    await expect(guardRedis({ url: redis.url })).rejects.toThrow('allkeys-lru')
    await redis.command('CONFIG SET maxmemory-policy noeviction')
    await redis.command('CONFIG SET appendonly no')
    await expect(guardRedis({ url: redis.url })).rejects.toThrow('appendonly')
  })

  it('names what the user of REDIS_URL may not do, instead of saying that nobody answers', async () => {
    await using redis = await redisUnderTest()
    const refusal = async (rights: string) => {
      await redis.command(`ACL SETUSER titian reset on >secret ${rights}`)
      const url = redis.url.replace('redis://', 'redis://titian:secret@')
      return guardRedis({ url }).then(
        () => 'nothing',
        (error: Error) => error.message,
      )
    }
    expect(await refusal('~* &* +@all')).toBe('nothing')
    expect(await refusal('~* &* +@all -@dangerous -@admin')).toContain('may not run INFO: allow it by ACL (+info)')
    expect(await refusal('~* &* +@all -@scripting')).toContain('may not run EVAL')
    expect(await refusal('~other:* &* +@all')).toContain('keys and channels')
    await redis.command('ACL SETUSER titian reset on >other ~* &* +@all')
    await expect(guardRedis({ url: redis.url.replace('redis://', 'redis://titian:secret@') })).rejects.toThrow(
      'password',
    )
  })
})

describe('what Redis says when it refuses', () => {
  it.each([
    ['MISCONF Redis is configured to save RDB snapshots', 'takes no writes'],
    ["OOM command not allowed when used memory > 'maxmemory'", 'takes no writes'],
    ['LOADING Redis is loading the dataset in memory', 'still reading'],
    ['NOAUTH Authentication required', 'user and password'],
    ['connect ECONNREFUSED', 'does not answer'],
  ])('%s becomes a sentence', (said, sentence) => {
    expect(redisRefusal(new Error(said))).toContain(sentence)
  })
})
