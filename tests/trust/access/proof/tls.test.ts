import { X509Certificate } from 'node:crypto'
import { mkdtemp, rename, writeFile } from 'node:fs/promises'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tlsOptions } from '../../../../src/io/transport/tls.file.ts'
import { registerClient } from '../../../../src/trust/access/client.sql.ts'
import { newClientId } from '../../../../src/trust/access/client.ts'
import { openGateway, type TestGateway } from '../../../flows/gateway.ts'
import { certificateFor } from '../../../notify/certificate.ts'
import { until } from '../../../support/running.ts'

type Pair = ReturnType<typeof certificateFor>

let folder: string
let gateway: TestGateway
let server: Pair
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-tls-'))
  server = certificateFor('titian.test')
  await put(server)
  gateway = await openGateway({
    TLS_CERT_FILE: join(folder, 'cert.pem'),
    TLS_KEY_FILE: join(folder, 'key.pem'),
    TLS_CLIENT_CERTIFICATES: 'true',
    TRUST_PROXY: '127.0.0.2',
  })
})
afterAll(() => gateway[Symbol.asyncDispose]())

/** Exchanges the files as what mounts secrets does: never half written. */
async function put({ cert, key }: Pair): Promise<void> {
  for (const [name, text] of [
    ['key.pem', key],
    ['cert.pem', cert],
  ] as const) {
    await writeFile(join(folder, `${name}.new`), text)
    await rename(join(folder, `${name}.new`), join(folder, name))
  }
}

type Call = { path: string; client?: Pair; form?: Record<string, string>; headers?: Record<string, string> }
function call({ path, client, form, headers = {} }: Call): Promise<{ status: number; body: Record<string, string> }> {
  const { hostname, port } = new URL(gateway.url)
  const type = form && { 'content-type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ hostname, port, path, method: form ? 'POST' : 'GET', headers: { ...type, ...headers } },
        ...{ ca: server.cert, servername: 'titian.test', agent: false, ...client },
      },
      (incoming) => {
        let text = ''
        incoming.setEncoding('utf8').on('data', (piece) => {
          text += piece
        })
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: JSON.parse(text) }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(form && new URLSearchParams(form).toString())
  })
}

const thumbprint = ({ cert }: Pair) =>
  Buffer.from(new X509Certificate(cert).fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')

async function register(certificate: Pair): Promise<string> {
  const id = newClientId()
  const certificates = [thumbprint(certificate)]
  const scopes = ['batches:read' as const]
  await registerClient(gateway.db.pool, gateway.vault, { id, platform: 'utara', scopes, certificates, profile: 'fapi' })
  return id
}

describe('a listener with a certificate', () => {
  it('answers by TLS and no other way', async () => {
    expect(gateway.url).toMatch(/^https:/)
    expect((await call({ path: '/livez' })).status).toBe(200)
    await expect(fetch(`${gateway.url.replace('https', 'http')}/livez`)).rejects.toThrow()
  })

  it('does not start with half a pair, a foreign key or a file that is none', async () => {
    const [cert, key, other] = ['cert.pem', 'key.pem', 'other.pem'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ]
    await writeFile(other, certificateFor('x').key)
    const asked = { TLS_CLIENT_CERTIFICATES: false }
    expect(() => tlsOptions({ ...asked, TLS_CERT_FILE: cert })).toThrow(/together/)
    for (const files of [
      { TLS_CERT_FILE: cert, TLS_KEY_FILE: other },
      { TLS_CERT_FILE: key, TLS_KEY_FILE: key },
    ])
      expect(() => tlsOptions({ ...asked, ...files })).toThrow(/cannot be used/)
    expect(tlsOptions(asked)).toBeUndefined()
  })

  it('takes a new certificate into use without a restart, and keeps the old one when the new one is broken', async () => {
    const shown = () =>
      new Promise<string>((resolve, reject) => {
        const { port } = new URL(gateway.url)
        const socket = connect({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false }, () => {
          resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '')
          socket.destroy()
        }).on('error', reject)
      })
    await writeFile(join(folder, 'cert.pem'), 'broken')
    const before = new X509Certificate(server.cert).fingerprint256
    expect(await shown()).toBe(before)
    const next = certificateFor('titian.test')
    await put(next)
    await until(async () => (await shown()) === new X509Certificate(next.cert).fingerprint256)
    server = next
  })
})

describe('a caller with a certificate', () => {
  it('gets a token for its certificate, which nobody can use without it', async () => {
    const [mine, other] = [certificateFor('utara'), certificateFor('utara')]
    const id = await register(mine)
    const form = { grant_type: 'client_credentials', client_id: id }
    expect((await call({ path: '/oauth/token', form })).status).toBe(401)
    expect((await call({ path: '/oauth/token', form, client: other })).status).toBe(401)
    const { status, body } = await call({ path: '/oauth/token', form, client: mine })
    expect(status).toBe(200)
    const [, claims = ''] = (body.access_token ?? '').split('.')
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      cnf: { 'x5t#S256': thumbprint(mine) },
    })
    const headers = { authorization: `Bearer ${body.access_token}` }
    const statuses = []
    for (const client of [mine, other, undefined])
      statuses.push((await call({ path: '/v1/batches', headers, ...(client && { client }) })).status)
    expect(statuses).toEqual([200, 401, 401])
  })

  it('is not known by a header, which anybody can write', async () => {
    const id = await register(certificateFor('utara'))
    const headers = { 'client-cert': ':AAAA:', 'x-forwarded-client-cert': 'Hash=AAAA' }
    const form = { grant_type: 'client_credentials', client_id: id }
    expect((await call({ path: '/oauth/token', form, headers })).status).toBe(401)
  })

  it('gains nothing by a forged X-Forwarded-For, since it is no proxy of ours', async () => {
    const ask = (address: string) =>
      call({
        path: '/oauth/token',
        form: { grant_type: 'client_credentials', client_id: 'siapa', client_secret: 'salah' },
        headers: { 'x-forwarded-for': address },
      })
    const statuses: number[] = []
    for (let at = 0; at < 12; at++) statuses.push((await ask(`203.0.113.${at}`)).status)
    expect(statuses.slice(-2)).toEqual([429, 429])
  })
})
