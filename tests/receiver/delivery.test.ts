import { hash } from 'node:crypto'
import { request } from 'node:http'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryLine } from '../../src/domain/golden.ts'
import type { BatchId, FamilyId, PersonId } from '../../src/domain/ids.ts'
import { type Composed, composeDelivery } from '../../src/forward/compose.ts'
import { digestText, type Manifest, manifestHeader } from '../../src/forward/manifest.ts'
import { newId } from '../../src/io/ids.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { signerOf } from '../../src/trust/keys/signing-keys.ts'
import { signMessage } from '../../src/trust/signatures/signature.ts'
import { goldenLines, ring, signer } from '../forward/gateway.ts'
import { freshReceiver, TOKEN } from './stand-in.ts'

let receiver: Awaited<ReturnType<typeof freshReceiver>>
beforeAll(async () => {
  receiver = await freshReceiver()
})
afterAll(() => receiver[Symbol.asyncDispose]())

const batch = newId('bat')

function compose(lines: DeliveryLine[]): Composed {
  return composeDelivery(lines, {
    id: newId('dlv'),
    batch,
    platform: 'carik-jakarta',
    dataset: 'carik',
    agreement: 'PKS-1',
    schemaVersion: '1',
    composedAt: new Date(),
  })
}

const COVERED = [
  '@method',
  '@authority',
  '@path',
  '@query',
  'content-type',
  'content-encoding',
  'content-length',
  'content-digest',
  'titian-manifest',
]

type Change = {
  id?: string
  body?: Buffer
  headers?: Record<string, string>
  /** Headers that are set after signing, as one who tampers would. */
  tampered?: Record<string, string>
  covered?: string[]
  /** What it is signed for. */
  origin?: string
  params?: Record<string, unknown>
  key?: ReturnType<typeof signer>
}

function signedHeaders({ manifest, bytes }: Composed, change: Change) {
  const body = change.body ?? bytes
  const id = change.id ?? manifest.delivery
  const created = Math.floor(Date.now() / 1000)
  const params = {
    created,
    expires: created + 60,
    nonce: newId('dlv'),
    tag: 'titian-delivery',
    alg: 'ed25519' as const,
  }
  const headers: Record<string, string> = {
    'content-type': 'application/x-ndjson',
    'content-encoding': 'zstd',
    'content-length': String(body.length),
    'content-digest': digestText(hash('sha256', body, 'buffer')),
    'titian-manifest': manifestHeader(manifest),
    ...change.headers,
  }
  const signed = signMessage(
    { method: 'PUT', url: `${change.origin ?? receiver.url}/v1/deliveries/${id}`, headers },
    change.covered ?? COVERED,
    { ...params, ...change.params },
    change.key ?? signer(),
  )
  return { id, body, headers: { ...headers, ...signed, ...change.tampered } }
}

async function put(composed: Composed, change: Change = {}) {
  const { id, body, headers } = signedHeaders(composed, change)
  return send(id, body, headers)
}

async function send(id: string, body: Buffer, headers: Record<string, string>) {
  const answer = await fetch(`${receiver.url}/v1/deliveries/${id}`, {
    method: 'PUT',
    body: new Uint8Array(body),
    headers,
  })
  return { status: answer.status, body: (await answer.json()) as { code?: string } }
}

describe('a delivery', () => {
  it('gets its receipt, and the same receipt when it comes again', async () => {
    const composed = compose(goldenLines(batch, 3))
    const { delivery, digest } = composed.manifest
    const receipt = { delivery, digest, records: 9, refused: [] }
    expect(await put(composed)).toEqual({ status: 201, body: receipt })
    expect(await put(composed)).toEqual({ status: 200, body: receipt })
  })

  it('takes effect once when it comes many times at the same time', async () => {
    const composed = compose(goldenLines(batch, 3))
    const before = await receiver.counts()
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(composed)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 200, 200, 200, 201])
    const after = await receiver.counts()
    expect([after.deliveries - before.deliveries, after.repeats - before.repeats]).toEqual([1, 7])
  })

  it('is a conflict when its id came with other content', async () => {
    const one = compose(goldenLines(batch, 1))
    const two = compose(goldenLines(batch, 1))
    const manifest: Manifest = { ...two.manifest, delivery: one.manifest.delivery }
    expect((await put(one)).status).toBe(201)
    expect(await put({ ...two, manifest })).toMatchObject({ status: 409, body: { code: 'digest-conflict' } })
  })

  it('never takes a subject back to an older version', async () => {
    const [line] = goldenLines(batch, 1)
    if (line === undefined) throw new Error('no line')
    const before = await receiver.counts()
    const versions = [
      { ...line, version: 3 },
      { ...line, version: 2 },
    ]
    for (const each of versions) expect((await put(compose([each]))).status).toBe(201)
    const after = await receiver.counts()
    expect(after.subjects.keluarga - before.subjects.keluarga).toBe(1)
    expect(after.deliveries - before.deliveries).toBe(2)
  })

  it('leaves no merged subject behind, even one whose own delivery comes late', async () => {
    const [kept, merged] = goldenLines(batch, 2).filter(({ level }) => level === 'keluarga')
    if (kept === undefined || merged === undefined) throw new Error('no lines')
    const before = await receiver.counts()
    await put(compose([{ ...kept, merged: [merged.subject] }]))
    await put(compose([merged]))
    const after = await receiver.counts()
    expect(after.subjects.keluarga - before.subjects.keluarga).toBe(1)
  })

  it.each([
    ['the merge first', [0, 1]],
    ['the merge late', [1, 0]],
  ])('lets a subject live again that a newer version names no longer: %s', async (_, order) => {
    const [kept, other] = goldenLines(batch, 2).filter(({ level }) => level === 'keluarga')
    if (kept === undefined || other === undefined) throw new Error('no lines')
    const before = await receiver.counts()
    const deliveries = [
      [{ ...kept, version: 2, merged: [other.subject] }],
      [
        { ...kept, version: 3 },
        { ...other, version: 2 },
      ],
    ]
    for (const at of order) expect((await put(compose(deliveries[at] ?? []))).status).toBe(201)
    const after = await receiver.counts()
    expect(after.subjects.keluarga - before.subjects.keluarga).toBe(2)
  })
})

describe('a line with a kind', () => {
  const [family, person] = goldenLines(batch, 1)
  const entries: [BatchId, number][] = [[batch, 1]]
  const fresh = () => ({ family: newId('fam'), person: newId('per'), other: newId('per') })
  const stub = (subject: FamilyId): DeliveryLine => ({
    kind: 'stub',
    subject,
    level: 'keluarga',
    version: 1,
    record: { nomor_kartu_keluarga: '3174010101100001' },
    entries,
  })
  const golden = (subject: PersonId, more: object): DeliveryLine => ({ ...person, subject, ...more }) as DeliveryLine
  const ended = (subject: PersonId, into: PersonId, version: number): DeliveryLine => ({
    kind: 'merged',
    subject,
    level: 'individu',
    version,
    into,
    entries,
  })

  it('makes a family known by which persons are no longer lost', async () => {
    const ids = fresh()
    const before = (await receiver.counts()).persons
    const region = { bps: '3171010001', kemendagri: '31.74.01.1001' }
    await put(compose([golden(ids.person, { family: ids.family, region }), golden(ids.other, { family: ids.family })]))
    const lost = (await receiver.counts()).persons
    await put(compose([stub(ids.family)]))
    await put(compose([{ ...family, subject: ids.family, version: 2 } as DeliveryLine]))
    const found = (await receiver.counts()).persons
    expect([lost.placed - before.placed, lost.unplaced - before.unplaced]).toEqual([1, 1])
    expect([lost.dangling - before.dangling, found.dangling - before.dangling]).toEqual([2, 0])
  })

  it.each([
    ['in their order', [0, 1, 2]],
    ['the end first', [2, 1, 0]],
    ['the life after it first', [2, 0, 1]],
  ])('ends a subject, and a newer line lets it live again: %s', async (_, order) => {
    const ids = fresh()
    const before = (await receiver.counts()).subjects.individu
    await put(compose([golden(ids.other, {})]))
    const deliveries = [
      golden(ids.person, { version: 1 }),
      ended(ids.person, ids.other, 2),
      golden(ids.person, { version: 3 }),
    ]
    const living: number[] = []
    for (const at of order) {
      expect((await put(compose([deliveries[at] as DeliveryLine]))).status).toBe(201)
      living.push((await receiver.counts()).subjects.individu - before)
    }
    expect(living.at(-1)).toBe(2)
    if (order[0] === 0) expect(living).toEqual([2, 1, 2])
  })

  it('stands in the journal, without what it says of the family', async () => {
    const ids = fresh()
    await put(compose([stub(ids.family)]))
    const journal = await receiver.journal()
    expect(journal.filter(({ subject }) => subject === ids.family)).toMatchObject([{ kind: 'stub', version: 1 }])
    expect(JSON.stringify(journal)).not.toContain('3174010101100001')
  })

  it.for<[string, object]>([
    ['of a kind that nobody knows', { kind: 'forgotten' }],
    ['that ends a subject and names no other', { kind: 'merged' }],
    ['that names another and does not end', { into: newId('per') }],
    ['whose family is no id', { family: 'KK 1' }],
    ['whose region has nine digits', { region: { bps: '317101000', kemendagri: null } }],
    ['whose region is of one scheme', { region: { bps: '3171010001' } }],
    ['that is golden and has no record', { record: undefined }],
  ])('%s is refused', async ([, change]) => {
    const answer = await put(compose([golden(newId('per'), change)]))
    expect(answer).toMatchObject({ status: 422, body: { code: 'records-invalid' } })
  })
})

describe('a subject that is withdrawn', () => {
  const entries: DeliveryLine['entries'] = [[batch, 1]]
  const withdrawn = ({ subject, level }: DeliveryLine, version: number) =>
    ({ kind: 'withdrawn', subject, level, version, entries, reason: 'moved' }) as DeliveryLine

  it('is counted no more, and neither is one that led to it, until a line of a higher version says that it is back', async () => {
    const [kept, merged] = goldenLines(batch, 2).filter(({ level }) => level === 'keluarga')
    if (kept === undefined || merged === undefined) throw new Error('no lines')
    const before = await receiver.counts()
    const held = async () => (await receiver.counts()).subjects.keluarga - before.subjects.keluarga
    const deliveries: [DeliveryLine, number][] = [
      [{ ...kept, merged: [merged.subject] }, 1],
      [withdrawn(kept, 3), 0],
      [{ ...kept, version: 2, merged: [merged.subject] }, 0],
      [
        {
          kind: 'stub',
          subject: kept.subject as FamilyId,
          level: 'keluarga',
          version: 4,
          record: {},
          entries,
          merged: [merged.subject],
        },
        1,
      ],
    ]
    for (const [line, families] of deliveries) {
      expect((await put(compose([line]))).status).toBe(201)
      expect(await held()).toBe(families)
    }
  })

  it('leaves no person behind who names it', async () => {
    const [family, person] = goldenLines(batch, 1)
    if (family === undefined || person === undefined) throw new Error('no lines')
    const before = await receiver.counts()
    await put(compose([family, person]))
    await put(compose([withdrawn(family, 2)]))
    expect((await receiver.counts()).persons.dangling - before.persons.dangling).toBe(1)
    await put(compose([withdrawn(person, 2)]))
    expect((await receiver.counts()).persons.dangling - before.persons.dangling).toBe(0)
  })

  it.each([{ reason: undefined }, { reason: 7 }, { kind: 'golden' }])(
    'has a reason, and only it has one: %o',
    async (other) => {
      const [line] = goldenLines(batch, 1)
      if (line === undefined) throw new Error('no line')
      const composed = compose([{ ...withdrawn(line, 1), ...other } as DeliveryLine])
      expect((await put(composed)).status).toBe(422)
    },
  )
})

describe('a delivery that is not what it says', () => {
  const lines = goldenLines(batch, 2)
  const whole = compose(lines)
  const pack = (text: string) => zstdCompressSync(Buffer.from(text))
  const ndjson = (changed: object[]) => pack(changed.map((line) => `${JSON.stringify(line)}\n`).join(''))
  /** A delivery of these bytes, whose manifest is right about the bytes and wrong about nothing but `claim`. */
  const of = (bytes: Buffer, claim: Partial<Manifest> = {}): Composed => {
    const digest = hash('sha256', bytes, 'buffer')
    const manifest = { ...whole.manifest, delivery: newId('dlv'), digest: digestText(digest), ...claim }
    return { bytes, digest, manifest, changes: [], touched: whole.touched }
  }
  const [first, ...rest] = lines

  it.for<[string, () => Composed, Change, number, string]>([
    ['whose manifest names another', () => whole, { id: newId('dlv') }, 422, 'manifest-mismatch'],
    ['whose manifest is of other bytes', () => whole, { body: pack('{}') }, 422, 'manifest-mismatch'],
    ['whose manifest is no JSON', () => whole, { headers: { 'titian-manifest': ':AAAA:' } }, 422, 'manifest-invalid'],
    ['that is not compressed', () => of(Buffer.from('{}')), {}, 422, 'content-broken'],
    ['that is cut off', () => of(whole.bytes.subarray(0, -8)), {}, 422, 'content-broken'],
    ['with too few lines', () => of(ndjson(rest)), {}, 422, 'records-invalid'],
    ['with a line that is no record', () => of(pack('[]\n')), {}, 422, 'records-invalid'],
    [
      'with a subject twice',
      () => of(ndjson([first ?? {}, first ?? {}, ...rest.slice(1)])),
      {},
      422,
      'records-invalid',
    ],
    ['with a version 0', () => of(ndjson([{ ...first, version: 0 }, ...rest])), {}, 422, 'records-invalid'],
    ['that counts other entries', () => of(whole.bytes, { entries: 3 }), {}, 422, 'records-invalid'],
    ['in another encoding', () => whole, { headers: { 'content-encoding': 'gzip' } }, 415, 'encoding-unsupported'],
    [
      'with a wrong digest',
      () => whole,
      { headers: { 'content-digest': digestText(Buffer.alloc(32)) } },
      400,
      'digest-mismatch',
    ],
    ['under an id that is none', () => of(whole.bytes), { id: 'dlv_%00' }, 400, 'bad-request'],
    ['of another type', () => whole, { headers: { 'content-type': 'text/csv' } }, 415, 'bad-request'],
  ])('%s is refused', async ([, composed, change, status, code]) => {
    const before = await receiver.counts()
    expect(await put(composed(), change)).toMatchObject({ status, body: { code } })
    expect(await receiver.counts()).toEqual(before)
  })

  it('and unpacks to gigabytes is refused', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(600 * 1024 * 1024))
    expect(await put(of(bomb))).toMatchObject({ status: 422, body: { code: 'content-broken' } })
  })
})

describe('a signature', () => {
  const composed = compose(goldenLines(batch, 1))
  const now = Math.floor(Date.now() / 1000)
  const tokenKey = signerOf(ring.tokens, new Date())
  const stranger = signerOf(createKeyRing(new Date()).deliveries, new Date())

  it.for<[string, Change, string]>([
    ['that is missing', { tampered: { signature: '', 'signature-input': '' } }, 'malformed'],
    ['of a key that nobody knows', { key: stranger }, 'key-unknown'],
    ['of a stranger under a known key id', { key: { ...stranger, keyid: signer().keyid } }, 'wrong'],
    ['that does not cover the manifest', { covered: COVERED.slice(0, -1) }, 'component-missing'],
    ['over another manifest', { tampered: { 'titian-manifest': ':AAAA:' } }, 'wrong'],
    ['over another digest', { tampered: { 'content-digest': digestText(Buffer.alloc(32)) } }, 'wrong'],
    ['of yesterday', { params: { created: now - 86_400, expires: now + 60 } }, 'too-old'],
    ['that has expired', { params: { created: now - 200, expires: now - 100 } }, 'too-old'],
    ['of tomorrow', { params: { created: now + 86_400, expires: now + 86_460 } }, 'from-the-future'],
    ['without an end', { params: { expires: undefined } }, 'parameter-missing'],
    ['without a nonce', { params: { nonce: undefined } }, 'parameter-missing'],
    ['of a key for tokens', { key: tokenKey }, 'key-unknown'],
    ['for another host', { origin: 'http://penerima.example' }, 'wrong'],
    ['for another port', { origin: 'http://127.0.0.1:1' }, 'wrong'],
    ['made for another purpose', { params: { tag: 'webhook' } }, 'tag-foreign'],
  ])('%s is refused', async ([, change, reason]) => {
    expect(await put(composed, change)).toMatchObject({ status: 401, body: { code: `signature-${reason}` } })
  })

  it('for another host is refused there, whatever Host the one writes who sends it on', async () => {
    const { id, body, headers } = signedHeaders(composed, { origin: 'http://penerima.example' })
    const { hostname, port } = new URL(receiver.url)
    const status = await new Promise((resolve, reject) => {
      const options = { hostname, port, method: 'PUT', path: `/v1/deliveries/${id}` }
      const outgoing = request({ ...options, headers: { ...headers, host: 'penerima.example' } }, (incoming) => {
        incoming.resume()
        resolve(incoming.statusCode)
      })
      outgoing.on('error', reject).end(body)
    })
    expect(status).toBe(401)
  })

  it('is good once: a replay is refused', async () => {
    const { id, body, headers } = signedHeaders(composed, {})
    expect((await send(id, body, headers)).status).toBe(201)
    expect(await send(id, body, headers)).toMatchObject({ status: 401, body: { code: 'signature-replayed' } })
  })
})

describe('what only the oracle may read', () => {
  it.for(['/v1/counts', '/v1/journal', '/v1/deliveries/dlv_00000000000000000000000000'])(
    '%s is closed to everybody else',
    async (path) => {
      const headers = [{}, { authorization: 'Bearer wrong' }, { authorization: `Basic ${TOKEN}` }]
      for (const each of headers)
        expect((await fetch(receiver.url + path, { headers: each as Record<string, string> })).status).toBe(401)
    },
  )

  it('holds neither names nor numbers of anybody', async () => {
    const [line] = goldenLines(batch, 1)
    if (line === undefined) throw new Error('no line')
    await put(compose([{ ...line, record: { nama: 'SITI CANARY', nik: '3171000000000099' } }]))
    const journal = JSON.stringify(await receiver.journal())
    expect(journal).toContain(line.subject)
    expect(journal).not.toMatch(/CANARY|3171000000000099/)
  })
})
