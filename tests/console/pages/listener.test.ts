import { expect, it } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { consoleUrlOf } from '../../../src/app-people.ts'
import { readConfig } from '../../../src/config.ts'
import { openGateway } from '../../flows/gateway.ts'

it('the console on a listener of its own is on no other one, and the API is not on it', async () => {
  await using gateway = await openGateway({ CONSOLE_PORT: '0', CONSOLE_URL: 'http://konsol.test' })
  const app = await buildApp(gateway.deps, 'console')
  try {
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    const { cookie } = await gateway.person(['ops'])
    const call = await gateway.caller(null, ['ops'])
    const status = async (at: string, path: string) =>
      (await fetch(`${at}${path}`, { headers: { cookie, authorization: `Bearer ${call.token}` } })).status
    const paths = [
      '/console',
      '/console/sign-in',
      '/console/queues/jobs',
      '/v1/conservation',
      '/metrics',
      '/docs',
      '/livez',
    ]
    expect(await Promise.all(paths.map((path) => status(gateway.url, path)))).toEqual([
      404, 404, 404, 200, 200, 200, 200,
    ])
    expect(await Promise.all(paths.map((path) => status(url, path)))).toEqual([200, 200, 200, 404, 404, 404, 200])
    const page = await (await fetch(`${url}/console`, { headers: { cookie } })).text()
    expect(page).not.toContain('href="/docs"')
    expect(await (await fetch(`${gateway.url}/`)).text()).not.toContain('href="/console"')
  } finally {
    await app.close()
  }
})

it.for([
  [{}, 'https://satu.example'],
  [{ CONSOLE_PORT: '8081' }, 'http://127.0.0.1:8081'],
  [{ CONSOLE_PORT: '8081', CONSOLE_HOST: '10.0.0.1', TLS_CERT_FILE: 'a', TLS_KEY_FILE: 'b' }, 'https://10.0.0.1:8081'],
  [{ CONSOLE_PORT: '8081', CONSOLE_URL: 'https://konsol.example/' }, 'https://konsol.example'],
] as const)('settings %o have persons know the console as %s', ([settings, url]) => {
  expect(consoleUrlOf({ config: readConfig({ ...settings }), publicUrl: 'https://satu.example' })).toBe(url)
})

it('an address of the console without a listener of its own is refused', () => {
  const config = readConfig({ CONSOLE_URL: 'https://konsol.example' })
  expect(() => consoleUrlOf({ config, publicUrl: 'https://satu.example' })).toThrow('CONSOLE_PORT')
})
