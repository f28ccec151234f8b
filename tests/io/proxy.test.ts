import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { openGatewayClient } from '../../src/cli/client/push.client.ts'
import { readConfig } from '../../src/config.ts'
import { proxyFor, proxySettings } from '../../src/io/proxy.ts'

const PROXY = 'http://proxy.example:3128'
const ALL = { HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY }

describe('the proxy for an address', () => {
  it.each<[string, object, string | undefined]>([
    ['https://bps.go.id/v1', ALL, PROXY],
    ['http://bps.go.id', { HTTPS_PROXY: PROXY }, undefined],
    ['https://bps.go.id', { HTTP_PROXY: PROXY }, undefined],
    ['http://127.0.0.1:8090', ALL, undefined],
    ['http://127.9.9.9', ALL, undefined],
    ['http://localhost:8080', ALL, undefined],
    ['https://gateway.localhost', ALL, undefined],
    ['http://[::1]:8080', ALL, undefined],
    ['http://[::ffff:127.0.0.1]', ALL, undefined],
    ['https://api.bps.go.id', { ...ALL, NO_PROXY: 'example.org, bps.go.id' }, undefined],
    ['https://api.bps.go.id', { ...ALL, NO_PROXY: '.go.id' }, undefined],
    ['https://notbps.go.id', { ...ALL, NO_PROXY: 'bps.go.id' }, PROXY],
    ['https://bps.go.id:8443', { ...ALL, NO_PROXY: 'bps.go.id:443' }, PROXY],
    ['https://bps.go.id', { ...ALL, NO_PROXY: 'bps.go.id:443' }, undefined],
    ['https://bps.go.id', { ...ALL, NO_PROXY: '*' }, undefined],
    ['https://bps.go.id', { HTTPS_PROXY: 'proxy.example:3128' }, PROXY],
  ])('of %s under %o is %s', (url, settings, proxy) => {
    expect(proxyFor(url, settings)).toBe(proxy)
  })

  it('is read under lower-case names too, and one of another kind is named', () => {
    expect(proxyFor('https://bps.go.id', proxySettings({ https_proxy: PROXY }))).toBe(PROXY)
    expect(readConfig({ https_proxy: PROXY, no_proxy: 'a' })).toMatchObject({ HTTPS_PROXY: PROXY, NO_PROXY: 'a' })
    expect(() => proxyFor('https://bps.go.id', { HTTPS_PROXY: 'socks5://x:1' })).toThrow(/^HTTPS_PROXY is not/)
  })
})

describe('a client behind a proxy', () => {
  const seen: string[] = []
  const proxy = createServer((asked, answer) => {
    seen.push(asked.url ?? '')
    const { hostname, pathname } = new URL(asked.url ?? '')
    const onward = request({
      host: '127.0.0.1',
      port: target.port,
      path: pathname,
      method: asked.method,
      headers: { host: hostname },
    })
    asked.pipe(onward).once('response', (got) => {
      answer.writeHead(got.statusCode ?? 500, got.headers)
      got.pipe(answer)
    })
  })
  const gateway = createServer((asked, answer) => {
    asked.resume()
    answer.setHeader('content-type', 'application/json')
    answer.end(
      JSON.stringify(asked.url === '/oauth/token' ? { access_token: 'x', expires_in: 300 } : { asked: asked.url }),
    )
  })
  let target: AddressInfo

  it('calls through it what is far, and this machine directly', async () => {
    for (const server of [proxy, gateway]) await once(server.listen(0, '127.0.0.1'), 'listening')
    target = gateway.address() as AddressInfo
    const env = { HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
    const of = (url: string) => openGatewayClient({ url, client: 'c', secret: 's' }, AbortSignal.timeout(10_000), env)
    const far = of('http://gateway.example')
    expect(await far.get('/v1/x')).toEqual({ asked: '/v1/x' })
    await far.close()
    expect(seen).toEqual(['http://gateway.example/oauth/token', 'http://gateway.example/v1/x'])
    const near = of(`http://127.0.0.1:${target.port}`)
    expect(await near.get('/v1/x')).toEqual({ asked: '/v1/x' })
    await near.close()
    expect(seen).toHaveLength(2)
  })

  afterAll(() => {
    proxy.close()
    gateway.close()
  })
})
