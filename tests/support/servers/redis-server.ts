import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../src/io/local/port.ts'
import { startRedis } from '../../../src/io/local/redis-server.ts'
import { openRedis } from '../../../src/io/redis.ts'

/** A Redis of a test's own: `await using redis = await redisUnderTest()`. */
export async function redisUnderTest() {
  const data = await mkdtemp(join(tmpdir(), 'titian-redis-'))
  const server = await startRedis(data, await freePort())
  return {
    url: server.url,
    stop: () => server.stop(),
    async command(line: string): Promise<void> {
      const redis = openRedis({ url: server.url })
      const [name = '', ...args] = line.split(' ')
      await redis.call(name, ...args)
      redis.disconnect()
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}
