import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { publicKey } from '../../../src/trust/keys/signing-keys.ts'
import { contentDigestOf } from '../../../src/trust/signatures/digest.ts'
import { type SignaturePolicy, signMessage, verifyMessage } from '../../../src/trust/signatures/signature.ts'
import type { MessageParts, RequestParts, ResponseParts } from '../../../src/trust/signatures/signature-base.ts'

// RFC 9421, B.1.4 and B.2.
const RFC_KEY = publicKey('JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs')
const RFC_SIGNER = {
  keyid: 'test-key-ed25519',
  key: createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs',
      d: 'n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU',
    },
  }),
}
const RFC_TIME = 1618884473
const RFC_POLICY: SignaturePolicy = {
  components: [],
  params: [],
  maxAgeSeconds: 300,
  clockSkewSeconds: 5,
  key: (keyid) => (keyid === 'test-key-ed25519' ? RFC_KEY : undefined),
}
const B26: RequestParts = {
  method: 'POST',
  url: 'http://example.com/foo?param=Value&Pet=dog',
  headers: {
    Host: 'example.com',
    Date: 'Tue, 20 Apr 2021 02:07:55 GMT',
    'Content-Type': 'application/json',
    'Content-Length': '18',
    'Signature-Input':
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    Signature: 'sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:',
  },
}
const B4: RequestParts = {
  method: 'GET',
  url: 'https://example.org/demo',
  headers: {
    Accept: ['application/json', '*/*'],
    'Signature-Input':
      'transform=("@method" "@path" "@authority" "accept");created=1618884473;keyid="test-key-ed25519"',
    Signature: 'transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5JZ1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:',
  },
}

describe('the vectors of RFC 9421', () => {
  it.for([
    ['B.2.6', B26],
    ['B.4', B4],
  ] as const)('%s verifies', async ([, message]) => {
    const verdict = await verifyMessage(message, RFC_POLICY, at(RFC_TIME))
    expect(verdict).toEqual({ ok: true, keyids: ['test-key-ed25519'] })
  })

  it('B.2.6 is signed to the very bytes', () => {
    const components = ['date', '@method', '@path', '@authority', 'content-type', 'content-length']
    const signed = signMessage(B26, components, { created: RFC_TIME }, RFC_SIGNER, 'sig-b26')
    expect(signed).toEqual({ 'signature-input': B26.headers['Signature-Input'], signature: B26.headers.Signature })
  })

  it('B.4 survives what proxies do to a request', async () => {
    const { Accept: _, ...headers } = B4.headers
    const moved = {
      ...B4,
      url: 'HTTPS://EXAMPLE.org:443/demo',
      headers: { ...headers, accept: ' application/json, */*  ' },
    }
    expect(await verifyMessage(moved, RFC_POLICY, at(RFC_TIME))).toMatchObject({ ok: true })
    for (const change of [
      { method: 'POST' },
      { url: 'https://example.org/other' },
      { url: 'https://example.com/demo' },
    ])
      expect(await verifyMessage({ ...B4, ...change }, RFC_POLICY, at(RFC_TIME))).toEqual({
        ok: false,
        reason: 'wrong',
      })
    const reordered = { ...B4, headers: { ...B4.headers, Accept: ['*/*', 'application/json'] } }
    expect(await verifyMessage(reordered, RFC_POLICY, at(RFC_TIME))).toEqual({ ok: false, reason: 'wrong' })
  })
})

const { privateKey, publicKey: ours } = generateKeyPairSync('ed25519')
const other = generateKeyPairSync('ed25519')
const NOW = 1_800_000_000
const BODY = Buffer.from('line\n')
const COMPONENTS = ['@method', '@authority', '@path', '@query', 'content-type', 'content-length', 'content-digest']
const PARAMS = { created: NOW, expires: NOW + 300, nonce: 'n1', tag: 'titian-delivery', alg: 'ed25519' } as const
const POLICY: SignaturePolicy = {
  components: COMPONENTS,
  params: ['expires', 'nonce', 'tag'],
  tag: 'titian-delivery',
  maxAgeSeconds: 300,
  clockSkewSeconds: 5,
  key: (keyid) => (keyid === 'dlv-1' ? ours : undefined),
}
const REQUEST: RequestParts = {
  method: 'PUT',
  url: 'http://127.0.0.1:8090/v1/deliveries/dlv_1?part=1',
  headers: {
    'content-type': 'application/x-ndjson',
    'content-length': String(BODY.length),
    'content-digest': contentDigestOf(BODY),
  },
}

/** The request with a signature of ours, made as asked. */
function signed(
  change: { components?: readonly string[]; params?: object; key?: typeof privateKey; keyid?: string } = {},
  request = REQUEST,
): RequestParts {
  const headers = signMessage(
    request,
    change.components ?? COMPONENTS,
    { ...PARAMS, ...change.params },
    { keyid: change.keyid ?? 'dlv-1', key: change.key ?? privateKey },
  )
  return { ...request, headers: { ...request.headers, ...headers } }
}

function withHeaders(request: RequestParts, headers: Record<string, string>): RequestParts {
  return { ...request, headers: { ...request.headers, ...headers } }
}

async function reasonOf(message: MessageParts, policy = POLICY, now = NOW): Promise<string> {
  const verdict = await verifyMessage(message, policy, at(now))
  return verdict.ok ? 'ok' : verdict.reason
}

describe('verifyMessage', () => {
  it('accepts what signMessage signed, whatever the order and case of the headers', async () => {
    const request = signed()
    const shouted = Object.fromEntries(
      Object.entries(request.headers)
        .reverse()
        .map(([name, value]) => [name.toUpperCase(), value]),
    )
    expect(await reasonOf(request)).toBe('ok')
    expect(await reasonOf({ ...request, headers: shouted })).toBe('ok')
    expect(await reasonOf(withHeaders(request, { 'x-other': 'added' }))).toBe('ok')
  })

  it.for<[string, (request: RequestParts) => RequestParts]>([
    ['method', (r) => ({ ...r, method: 'POST' })],
    ['path', (r) => ({ ...r, url: r.url.replace('dlv_1', 'dlv_2') })],
    ['path with a detour', (r) => ({ ...r, url: r.url.replace('/v1/', '/v1/x/../') })],
    ['query', (r) => ({ ...r, url: r.url.replace('part=1', 'part=2') })],
    ['query taken away', (r) => ({ ...r, url: r.url.replace('?part=1', '') })],
    ['host', (r) => ({ ...r, url: r.url.replace('127.0.0.1', '127.0.0.2') })],
    ['port', (r) => ({ ...r, url: r.url.replace('8090', '8091') })],
    ['content type', (r) => withHeaders(r, { 'content-type': 'text/csv' })],
    ['content length', (r) => withHeaders(r, { 'content-length': '6' })],
    ['digest', (r) => withHeaders(r, { 'content-digest': contentDigestOf(Buffer.from('line!')) })],
    ['a second content type', (r) => withHeaders(r, { 'Content-Type': 'text/csv' })],
    [
      'expiry',
      (r) => withHeaders(r, { 'signature-input': inputOf(r).replace(/expires=\d+/, `expires=${NOW + 9999}`) }),
    ],
    ['nonce', (r) => withHeaders(r, { 'signature-input': inputOf(r).replace('"n1"', '"n2"') })],
    [
      'order of the components',
      (r) =>
        withHeaders(r, { 'signature-input': inputOf(r).replace('"@method" "@authority"', '"@authority" "@method"') }),
    ],
    [
      'the signature itself',
      (r) => withHeaders(r, { signature: signatureOf(r).replace(/:A|:./, (start) => (start === ':A' ? ':B' : ':A')) }),
    ],
    ['an empty signature', (r) => withHeaders(r, { signature: 'titian=::' })],
  ])('refuses another %s', async ([, change]) => {
    expect(await reasonOf(change(signed()))).toBe('wrong')
  })

  it('refuses any one changed character of a covered header', async () => {
    const request = signed()
    const { 'content-digest': digest = '' } = REQUEST.headers as Record<string, string>
    await fc.assert(
      fc.asyncProperty(fc.nat(digest.length - 1), fc.constantFrom('!', 'x', '~'), async (i, mark) => {
        fc.pre(digest[i] !== mark)
        const changed = digest.slice(0, i) + mark + digest.slice(i + 1)
        expect(await reasonOf(withHeaders(request, { 'content-digest': changed }))).toBe('wrong')
      }),
    )
  })

  it.for<[string, string, () => RequestParts]>([
    ['component-missing', 'a shorter list, rightly signed', () => signed({ components: COMPONENTS.slice(0, -1) })],
    ['component-missing', 'an empty list, rightly signed', () => signed({ components: [] })],
    [
      'component-missing',
      'a covered header that was taken away',
      () => ({ ...signed(), headers: { ...signed().headers, 'content-digest': undefined } }),
    ],
    [
      'component-missing',
      'a component twice',
      () => {
        const request = signed()
        return withHeaders(request, {
          'signature-input': inputOf(request).replace('("@method"', '("@method" "@method"'),
        })
      },
    ],
    ['too-old', 'an old one', () => signed({ params: { created: NOW - 306, expires: NOW + 300 } })],
    ['too-old', 'one past its expiry', () => signed({ params: { created: NOW - 60, expires: NOW - 6 } })],
    ['from-the-future', 'one from the future', () => signed({ params: { created: NOW + 6 } })],
    ['key-unknown', 'a foreign key id', () => signed({ keyid: 'dlv-2' })],
    ['wrong', 'a foreign key under our key id', () => signed({ key: other.privateKey })],
    ['algorithm-refused', 'another algorithm named', () => signed({ params: { alg: 'hmac-sha256' } })],
    ['tag-foreign', 'a signature made for something else', () => signed({ params: { tag: 'titian-receipt' } })],
    ['parameter-missing', 'no nonce', () => signed({ params: { nonce: undefined } })],
    ['parameter-missing', 'no expiry', () => signed({ params: { expires: undefined } })],
    ['missing', 'no signature at all', () => REQUEST],
    [
      'malformed',
      'a label that is signed but not described',
      () => withHeaders(signed(), { signature: 'other=:AA==:' }),
    ],
    ['malformed', 'a label twice', () => doubled(signed(), signed())],
    ['malformed', 'garbage', () => withHeaders(signed(), { 'signature-input': 'titian=(' })],
    [
      'malformed',
      'a time that is text',
      () => withHeaders(signed(), { 'signature-input': 'titian=();created="1";keyid="dlv-1"' }),
    ],
    [
      'malformed',
      'five signatures',
      () => ['a', 'b', 'c', 'd'].reduce((all, label) => doubled(all, relabelled(signed(), label)), signed()),
    ],
  ])('says %s of %s', async ([reason, , make]) => {
    expect(await reasonOf(make())).toBe(reason)
  })

  it('refuses two signatures of which one is bad, in both orders', async () => {
    const bad = relabelled(signed({ key: other.privateKey }), 'second')
    expect(await reasonOf(doubled(signed(), bad))).toBe('wrong')
    expect(await reasonOf(doubled(bad, signed()))).toBe('wrong')
  })

  it('accepts two good signatures, as during a change of keys', async () => {
    const second = relabelled(signed({ key: other.privateKey, keyid: 'dlv-2' }), 'second')
    const key = (keyid: string) =>
      new Map([
        ['dlv-1', ours],
        ['dlv-2', other.publicKey],
      ]).get(keyid)
    expect(await reasonOf(doubled(signed(), second), { ...POLICY, key })).toBe('ok')
  })

  it('never believes an RSA or EC key, whatever the policy was given', async () => {
    const { publicKey: rsa } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(await reasonOf(signed(), { ...POLICY, key: () => rsa })).toBe('algorithm-refused')
  })

  it('accepts a nonce once, and asks for it only when the signature is right', async () => {
    const seen = new Map<string, number>()
    const isNewNonce = (keyid: string, nonce: string, expires: number) => {
      const isNew = !seen.has(`${keyid} ${nonce}`)
      seen.set(`${keyid} ${nonce}`, expires)
      return isNew
    }
    const policy = { ...POLICY, isNewNonce }
    expect(await reasonOf(signed({ key: other.privateKey }), policy)).toBe('wrong')
    expect(seen.size).toBe(0)
    expect(await reasonOf(signed(), policy)).toBe('ok')
    expect(await reasonOf(signed(), policy)).toBe('replayed')
    expect([...seen]).toEqual([['dlv-1 n1', NOW + 300]])
  })
})

describe('a signed answer', () => {
  const components = ['@status', 'content-digest', '@method;req', '@path;req', 'content-digest;req']
  const policy = { ...POLICY, components, tag: 'titian-receipt' }
  const answer: ResponseParts = {
    status: 200,
    headers: { 'content-digest': contentDigestOf(Buffer.from('{}')) },
    request: REQUEST,
  }
  const params = { ...PARAMS, tag: 'titian-receipt' }
  const receipt: ResponseParts = {
    ...answer,
    headers: { ...answer.headers, ...signMessage(answer, components, params, { keyid: 'dlv-1', key: privateKey }) },
  }

  it('names the parts of the request that it answers', () => {
    expect(receipt.headers['signature-input']).toContain(
      '("@status" "content-digest" "@method";req "@path";req "content-digest";req)',
    )
  })

  it('holds for the request that it answers only', async () => {
    expect(await reasonOf(receipt, policy)).toBe('ok')
    expect(await reasonOf({ ...receipt, status: 202 }, policy)).toBe('wrong')
    const asked = { ...REQUEST, headers: { ...REQUEST.headers, 'content-digest': contentDigestOf(Buffer.from('x')) } }
    expect(await reasonOf({ ...receipt, request: asked }, policy)).toBe('wrong')
    expect(await reasonOf({ ...receipt, request: { ...REQUEST, method: 'POST' } }, policy)).toBe('wrong')
  })

  it('is not taken for a signed request', async () => {
    const posing = withHeaders(REQUEST, receipt.headers as Record<string, string>)
    expect(await reasonOf(posing, { ...policy, components: [] })).toBe('component-missing')
  })
})

describe('signMessage', () => {
  it('throws when the message lacks a component', () => {
    expect(() => signMessage(REQUEST, ['date'], PARAMS, { keyid: 'k', key: privateKey })).toThrow('lacks a component')
  })

  it.for(['@query-param', 'content-type;sf', '@status', '@method;req', 'Content-Type'])(
    'does not sign %s in a request',
    (component) => {
      expect(() => signMessage(REQUEST, [component], PARAMS, { keyid: 'k', key: privateKey })).toThrow()
    },
  )

  it('does not sign a header with a line break in it, which would pose as another component', () => {
    const split = withHeaders(REQUEST, { date: 'now\n"@method": DELETE' })
    expect(() => signMessage(split, ['date'], PARAMS, { keyid: 'k', key: privateKey })).toThrow('lacks a component')
  })
})

function at(seconds: number): Date {
  return new Date(seconds * 1000)
}

function inputOf(request: RequestParts): string {
  return String(request.headers['signature-input'])
}

function signatureOf(request: RequestParts): string {
  return String(request.headers.signature)
}

function relabelled(request: RequestParts, label: string): RequestParts {
  return withHeaders(request, {
    'signature-input': inputOf(request).replace('titian=', `${label}=`),
    signature: signatureOf(request).replace('titian=', `${label}=`),
  })
}

function doubled(first: RequestParts, second: RequestParts): RequestParts {
  return withHeaders(first, {
    'signature-input': `${inputOf(first)}, ${inputOf(second)}`,
    signature: `${signatureOf(first)}, ${signatureOf(second)}`,
  })
}
