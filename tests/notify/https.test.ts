import type { LookupAddress } from 'node:dns'
import { once } from 'node:events'
import { createServer as createProxy } from 'node:http'
import { createServer } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseNetworks } from '../../src/notify/address.ts'
import { openPoster, type PosterOptions, type Resolve } from '../../src/notify/post.client.ts'
import { certificateFor } from './certificate.ts'
import { LOOPBACK } from './gateway.ts'
import { openListener } from './listener.ts'

const NAME = 'region.example'
const own = certificateFor(NAME)
const stack = new AsyncDisposableStack()
const never = new AbortController().signal
let port = 0

beforeAll(async () => {
  setDefaultCACertificates([...getCACertificates('bundled'), own.cert])
  port = await listenWith(own)
})
afterAll(() => stack.disposeAsync())

/** A server that speaks TLS with this certificate and takes everything; gives its port. */
async function listenWith({ cert, key }: { cert: string; key: string }): Promise<number> {
  const server = createServer({ cert, key }, (request, response) => {
    request.resume().on('end', () => response.writeHead(204).end())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const resolveTo =
  (...addresses: string[]): Resolve =>
  (_name, _options, done) =>
    done(
      addresses.length === 0 ? Object.assign(new Error('none'), { code: 'ENOTFOUND' }) : null,
      addresses.map((address): LookupAddress => ({ address, family: 4 })),
    )

async function send(url: string, over: Partial<PosterOptions> = {}) {
  const options = { networks: LOOPBACK, deadlineMs: 3000, proxyFor: () => undefined, resolve: resolveTo('127.0.0.1') }
  const poster = openPoster({ ...options, ...over })
  try {
    return await poster.send({ url, headers: {}, body: '{}' }, never)
  } finally {
    await poster.close()
  }
}

/** A proxy that takes CONNECT to wherever the test says, and forwards nothing else. */
async function openTunnel(to: () => number) {
  const asked: string[] = []
  const server = createProxy((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(202).end()
  })
  server.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url}`)
    const onward = connect(to(), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    for (const one of [onward, socket]) one.on('error', () => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

describe('a webhook by https', () => {
  it('is told under a certificate that is trusted and its own', async () => {
    expect(await send(`https://${NAME}:${port}/`)).toEqual({ is: 'delivered', status: 204 })
  })

  it('is not told under a certificate of another name, of an unknown issuer, or where there is none', async () => {
    expect(await send(`https://other.example:${port}/`)).toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    const strange = await listenWith(certificateFor(NAME))
    expect(await send(`https://${NAME}:${strange}/`)).toMatchObject({
      is: 'failed',
      code: expect.stringMatching(/CERT/),
    })
    await using plain = await openListener()
    expect(await send(`https://${NAME}:${plain.port}/`)).toMatchObject({
      is: 'failed',
      code: expect.stringMatching(/SSL/),
    })
    expect(plain.heard).toEqual([])
  })

  it('goes through a proxy, which is asked for nothing that we know to be private', async () => {
    const proxy = await openTunnel(() => port)
    const through = (over: Partial<PosterOptions> = {}) => ({ networks: [], proxyFor: () => proxy.url, ...over })
    expect(await send(`https://${NAME}:8443/`, through({ resolve: resolveTo() }))).toEqual({
      is: 'delivered',
      status: 204,
    })
    expect(await send(`https://${NAME}:8443/`, through({ resolve: resolveTo('8.8.8.8') }))).toMatchObject({
      status: 204,
    })
    expect(proxy.asked).toEqual(Array(2).fill(`CONNECT ${NAME}:8443`))
    for (const address of ['10.0.0.1', '127.0.0.1', '169.254.169.254'])
      expect(await send(`https://${NAME}:8443/`, through({ resolve: resolveTo('8.8.8.8', address) }))).toMatchObject({
        code: 'address-private',
      })
    const networks = parseNetworks('10.0.0.0/8')
    for (const resolve of [resolveTo(), resolveTo('8.8.8.8')])
      expect(await send(`http://${NAME}/`, through({ networks, resolve }))).toMatchObject({ code: 'address-private' })
    expect(proxy.asked).toHaveLength(2)
    expect(await send(`http://${NAME}/`, through({ networks, resolve: resolveTo('10.1.2.3') }))).toMatchObject({
      status: 202,
    })
  })
})
