import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { readMemory, serverPaths } from '../../../src/io/local/cluster.ts'
import { startEmbedded } from '../../../src/io/local/embedded.ts'
import { freePort } from '../../../src/io/local/port.ts'
import { ROLES } from '../../../src/io/postgres/roles.sql.ts'
import { writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { describeWithRedis } from '../../support/redis.ts'
import { until } from '../../support/running.ts'
import { redisUnderTest } from '../../support/servers/redis-server.ts'
import { dataFolder, type Run, runTitian } from '../../support/titian.ts'

type Service = {
  image?: string
  command: string[]
  environment: Record<string, string | number>
  healthcheck?: { test: string[] }
}
type Compose = { services: Record<string, Service>; configs: Record<string, { content: string }> }

const ROOT = join(import.meta.dirname, '..', '..', '..')

/** The file as Docker Compose reads it: variables filled in, `$$` unescaped, merge keys merged. */
async function readCompose(variables: Record<string, string>): Promise<Compose> {
  const text = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8')
  const filled = text.replace(
    /\$\$|\$\{(\w+)(?::-([^}]*))?\}/g,
    (whole, name: string, standard: string | undefined) => {
      if (whole === '$$') return '$'
      const value = variables[name] ?? standard
      if (value === undefined) throw new Error(`${name} is not set`)
      return value
    },
  )
  return parse(filled, { merge: true }) as Compose
}

describeWithRedis('docker-compose.yml', () => {
  it('names commands and settings that work against servers of their own', async () => {
    await using data = await dataFolder()
    await using redis = await redisUnderTest()
    const postgres = await startEmbedded(data.path)
    const { passwords } = await readMemory(serverPaths(data.path).memory)
    const keys = join(data.path, 'keys.json')
    await writeNewKeyRing(keys, createKeyRing(new Date()))
    const [gatewayPort, receiverPort] = [await freePort(), await freePort()]
    const local: Record<string, string> = {
      'postgres:5432': new URL(postgres.urlFor('titian', '')).host,
      'redis:6379': new URL(redis.url).host,
      'gateway:8080': `127.0.0.1:${gatewayPort}`,
      'localhost:8080': `127.0.0.1:${gatewayPort}`,
      'receiver:8090': `127.0.0.1:${receiverPort}`,
      '/run/secrets/keys': keys,
    }
    const here = (text: string) => Object.entries(local).reduce((all, [from, to]) => all.replaceAll(from, to), text)
    const { services } = await readCompose({
      POSTGRES_PASSWORD: passwords.postgres,
      OWNER_PASSWORD: passwords.titian_owner,
      APP_PASSWORD: passwords.titian,
      RECEIVER_PASSWORD: passwords.receiver,
      RECEIVER_TOKEN: 'token-of-the-test',
    })
    const start = (name: string, ports: Record<string, string>): Run => {
      const { command, environment } = services[name] as Service
      const settings = Object.entries(environment).map(([key, value]) => [key, here(String(value))])
      return runTitian(command, { ...Object.fromEntries(settings), ...ports, TITIAN_DATA: data.path })
    }
    expect([await start('migrate', {}).ended]).toEqual([0])
    const running = [
      start('gateway', { PORT: String(gatewayPort) }),
      start('worker', {}),
      start('worker-short', {}),
      start('receiver', { RECEIVER_PORT: String(receiverPort) }),
    ]
    for (const run of running) {
      const over = run.ended.then(() => true)
      await until(async () => run.stderr().includes('ready') || (await Promise.race([over, false])), 60)
      expect(run.stderr()).toContain('ready')
    }
    const [, program = '', ...args] = services.gateway?.healthcheck?.test ?? []
    expect(program).toBe('node')
    await promisify(execFile)(process.execPath, args.map(here))
    expect((await fetch(`http://127.0.0.1:${receiverPort}/health`)).status).toBe(200)
    for (const run of running) run.child.kill('SIGTERM')
    expect(await Promise.all(running.map(({ ended }) => ended))).toEqual([0, 0, 0, 0])
    await postgres.stop()
  }, 300_000)

  it('starts Redis so that it keeps everything, and makes every role that the services use', async () => {
    const names = ['POSTGRES_PASSWORD', 'OWNER_PASSWORD', 'APP_PASSWORD', 'RECEIVER_PASSWORD', 'RECEIVER_TOKEN']
    const { services, configs } = await readCompose(Object.fromEntries(names.map((name) => [name, 'x'])))
    expect(services.redis?.command.join(' ')).toBe('redis-server --appendonly yes --maxmemory-policy noeviction')
    const made = [...(configs.roles?.content ?? '').matchAll(/create role (\w+) login/g)].map(([, role]) => role)
    expect(['postgres', ...made]).toEqual([...ROLES])
  })

  it('starts with the same words as the image', async () => {
    const docker = await readFile(join(ROOT, 'Dockerfile'), 'utf8')
    expect(docker).toContain('ENTRYPOINT ["node", "src/main.ts"]')
    expect(docker).toMatch(/^FROM node:26-/)
  })
})
