import { createPublicKey, hash, verify } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { httpbis } from 'http-message-signatures'
import { describe, expect, it } from 'vitest'
import { openReceiver } from '../../../src/forward/receiver.client.ts'
import type { PublicJwk } from '../../../src/trust/keys/signing-keys.ts'
import { freshDatabase } from '../../support/database.ts'
import { sequenced, served } from '../api.ts'
import { keys, linkChunk, signer } from '../gateway.ts'

/** Finds keys by the JWKS that the gateway publishes, with Node's own cryptography: nothing here is Titian's. */
const lookUp = (jwks: { keys: PublicJwk[] }) => async (params: { keyid?: string }) => {
  const jwk = jwks.keys.find(({ kid }) => kid === params.keyid)
  if (jwk === undefined) return null
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return {
    id: jwk.kid,
    algs: ['ed25519'],
    verify: async (data: Buffer, signature: Buffer) => verify(null, data, key, signature),
  }
}

const PULL_FIELDS = ['@status', '@method', '@path', '@query', 'content-type', 'content-digest']

type Answer = { status: number; headers: Record<string, string> }

function judge(jwks: { keys: PublicJwk[] }, answer: Answer, url: string, requiredFields = PULL_FIELDS) {
  const config = { keyLookup: lookUp(jwks), requiredFields, requiredParams: ['created', 'expires', 'keyid'] }
  return httpbis.verifyMessage(config, answer, { method: 'GET', url, headers: {} }).catch(() => false)
}

describe('the signature of a pull', () => {
  it('is verified by another library, for the feed and for every form of a delivery', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 2)
    const records = `/v1/deliveries/${linked?.delivery}/records`
    const paths: [string, Record<string, string>][] = [
      ['/v1/deliveries', {}],
      ['/v1/deliveries?after=0&limit=1&platform=carik-jakarta', {}],
      [records, {}],
      [records, { 'accept-encoding': 'zstd' }],
      [`${records}?level=individu`, { accept: 'text/csv' }],
      [`${records}?level=keluarga`, { accept: 'application/vnd.apache.parquet' }],
    ]
    for (const [path, asked] of paths) {
      const answer = await api.get(path, asked)
      const headers = Object.fromEntries(answer.headers)
      const fields = path.includes('records') ? [...PULL_FIELDS, 'titian-manifest'] : PULL_FIELDS
      expect([path, await judge(api.jwks, { status: answer.status, headers }, api.url + path, fields)]).toEqual([
        path,
        true,
      ])
      if (asked['accept-encoding'] !== undefined) continue
      const digest = hash('sha256', Buffer.from(await answer.arrayBuffer()), 'base64')
      expect(headers['content-digest']).toBe(`sha-256=:${digest}:`)
    }
  })

  it('holds for nothing else: no other status, content, manifest, path or query', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const path = `/v1/deliveries/${linked?.delivery}/records`
    const answer = await api.get(path)
    const headers = Object.fromEntries(answer.headers)
    const other = `sha-256=:${Buffer.alloc(32).toString('base64')}:`
    const changed: [Answer, string][] = [
      [{ status: 206, headers }, path],
      [{ status: 200, headers: { ...headers, 'content-digest': other } }, path],
      [{ status: 200, headers: { ...headers, 'titian-manifest': ':e30=:' } }, path],
      [{ status: 200, headers: { ...headers, 'content-type': 'text/csv' } }, path],
      [{ status: 200, headers }, path.replace('dlv_', 'dlv_0')],
      [{ status: 200, headers }, `${path}?level=individu`],
    ]
    for (const [one, at] of changed) expect(await judge(api.jwks, one, api.url + at)).toBe(false)
    expect(await judge(api.jwks, { status: 200, headers }, api.url + path)).toBe(true)
  })

  it('covers the path as the public address has it', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool, 'https://gerbang.example/titian')
    const answer = await api.get('/v1/deliveries?after=0')
    const headers = Object.fromEntries(answer.headers)
    const url = 'https://gerbang.example/titian/v1/deliveries?after=0'
    expect(await judge(api.jwks, { status: 200, headers }, url)).toBe(true)
  })

  it('is not on an answer that is no content of a delivery', async () => {
    await using db = await freshDatabase()
    await using api = await served(db.pool)
    const [linked] = await sequenced(db.pool, 1)
    const path = `/v1/deliveries/${linked?.delivery}/records`
    const etag = (await api.get(path)).headers.get('etag') ?? ''
    const refused = [await api.get('/v1/deliveries?after=9'), await api.get(path, { 'if-none-match': etag })]
    expect(refused.map(({ status, headers }) => [status, headers.get('signature')])).toEqual([
      [400, null],
      [304, null],
    ])
  })
})

describe('the signature of a push', () => {
  it('is verified by another library', async () => {
    await using db = await freshDatabase()
    const { composed } = await linkChunk(db.pool)
    const seen: IncomingMessage[] = []
    const server = createServer((request, response) => {
      seen.push(request)
      request.resume().on('end', () => response.writeHead(503).end())
    })
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const receiver = openReceiver({ url, signer, deadlineMs: 5000, connections: 1 })
    try {
      await receiver.put(composed.manifest, composed.bytes, new AbortController().signal)
    } finally {
      await receiver.close()
      await new Promise((done) => server.close(done))
    }
    const [request] = seen
    const { keyid, key } = signer()
    expect(keys.find(keyid)).toBeDefined()
    const publicKey = createPublicKey(key)
    const message = {
      method: request?.method ?? '',
      url: `${url}${request?.url}`,
      headers: request?.headers as Record<string, string>,
    }
    const config = {
      keyLookup: async () => ({
        id: keyid,
        algs: ['ed25519'],
        verify: async (data: Buffer, signature: Buffer) => verify(null, data, publicKey, signature),
      }),
      requiredFields: ['@method', '@authority', '@path', 'content-digest', 'titian-manifest'],
      requiredParams: ['created', 'expires', 'nonce', 'keyid', 'tag'],
    }
    expect(await httpbis.verifyMessage(config, message)).toBe(true)
    const forged = { ...message, headers: { ...message.headers, 'content-digest': 'sha-256=:AAAA:' } }
    expect(await httpbis.verifyMessage(config, forged)).toBe(false)
  })
})
