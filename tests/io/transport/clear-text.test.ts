import { describe, expect, it } from 'vitest'
import { proxiesOf } from '../../../src/io/http/limits/proxies.ts'
import { allowedParts, type Connections, clearParts, clearTextFault } from '../../../src/io/transport/clear-text.ts'

const HERE: Connections = { HOST: '127.0.0.1', FORWARD: 'push' }

describe('clearParts', () => {
  it.for<[string, Partial<Connections>, string[]]>([
    [
      'nothing of this machine',
      { DATABASE_URL: 'postgres://a@127.0.0.1:5432/t', REDIS_URL: 'redis://localhost:6379' },
      [],
    ],
    [
      'a server for queues elsewhere',
      { DATABASE_URL: 'postgres://a@127.0.0.1/t', DATABASE_SESSION_URL: 'postgres://a@db.example/t' },
      ['postgres'],
    ],
    ['no socket of a file', { DATABASE_URL: 'postgres://a@/t?host=/var/run/postgresql' }, []],
    ['no socket in the place of a host', { DATABASE_URL: 'postgres://a@%2Fvar%2Frun%2Fpostgresql/t' }, []],
    ['a server without a mode', { DATABASE_URL: 'postgres://a@db.example/t' }, ['postgres']],
    ['a host that the query names', { DATABASE_URL: 'postgres://a@127.0.0.1/t?host=db.example' }, ['postgres']],
    ['a server that is not verified', { DATABASE_URL: 'postgres://a@db.example/t?sslmode=no-verify' }, ['postgres']],
    ['a server in the clear', { DATABASE_URL: 'postgres://a@db.example/t?sslmode=disable' }, ['postgres']],
    ['no server that is verified', { DATABASE_URL: 'postgres://a@db.example/t?sslmode=verify-full' }, []],
    [
      'a server that libpq would not verify',
      { DATABASE_URL: 'postgres://a@db.example/t?uselibpqcompat=true&sslmode=require' },
      ['postgres'],
    ],
    ['a Redis elsewhere', { REDIS_URL: 'redis://10.1.2.3:6379' }, ['redis']],
    ['sentinels elsewhere', { REDIS_SENTINELS: '127.0.0.1:26379, 10.1.2.3:26379' }, ['redis']],
    [
      'a cluster elsewhere, whatever the address beside it',
      { REDIS_URL: 'redis://localhost', REDIS_CLUSTER: 'a:1' },
      ['redis'],
    ],
    ['no sentinels of this machine', { REDIS_SENTINELS: '127.0.0.1:26379,[::1]:26380' }, []],
    ['no sentinels whose Redis speaks TLS', { REDIS_URL: 'rediss://x', REDIS_SENTINELS: '10.1.2.3:26379' }, []],
    ['no Redis by TLS', { REDIS_URL: 'rediss://10.1.2.3:6379' }, []],
    ['a receiver elsewhere', { RECEIVER_URL: 'http://bps.example' }, ['receiver']],
    ['no receiver by https', { RECEIVER_URL: 'https://bps.example' }, []],
    ['no receiver that pulls', { RECEIVER_URL: 'http://bps.example', FORWARD: 'pull' }, []],
    ['a listener for all', { HOST: '0.0.0.0' }, ['listener']],
    ['a listener of the console for all', { CONSOLE_HOST: '0.0.0.0' }, ['listener']],
    ['no listener with a certificate', { HOST: '0.0.0.0', TLS_CERT_FILE: '/tls.pem' }, []],
    ['no name that only begins like this machine', { HOST: 'localhost.example' }, ['listener']],
  ])('finds %s', ([, settings, parts]) => {
    expect(clearParts({ ...HERE, ...settings }, true)).toEqual(parts)
  })

  it('finds no listener in a worker', () => {
    expect(clearParts({ ...HERE, HOST: '0.0.0.0' }, false)).toEqual([])
  })
})

describe('clearTextFault', () => {
  it('says one sentence about what is not allowed, with what to do, and no address', () => {
    const fault = clearTextFault(['postgres', 'redis'], allowedParts(' redis , listener'))
    expect(fault).toMatch(/unencrypted over a network \(postgres\): add sslmode=verify-full.* CLEAR_TEXT$/)
    expect(clearTextFault(['postgres'], allowedParts('postgres'))).toBeUndefined()
    expect(clearTextFault([], [])).toBeUndefined()
  })
})

describe('proxiesOf', () => {
  it('takes addresses and networks, and nothing that would trust everybody', () => {
    expect(proxiesOf(' 10.1.2.3,10.9.0.0/16 , ::1')).toEqual(['10.1.2.3', '10.9.0.0/16', '::1'])
    expect(proxiesOf(undefined)).toEqual([])
    for (const text of ['0.0.0.0/0', '::/0', 'proxy.example', 'true', '1', '10.0.0.0/33', '*'])
      expect(() => proxiesOf(text), text).toThrow('TRUST_PROXY')
  })
})
