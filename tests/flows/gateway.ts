import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '../../src/app.ts'
import type { CompiledDataset } from '../../src/catalogue/registry.ts'
import { cleanHere } from '../../src/clean/clean-here.ts'
import { Regions } from '../../src/clean/regions/regions.ts'
import { readConfig } from '../../src/config.ts'
import type { RawEntry } from '../../src/domain/entry.ts'
import type { Finding } from '../../src/domain/finding.ts'
import type { AccountId } from '../../src/domain/ids.ts'
import type { Platform } from '../../src/domain/platform.ts'
import { openLog } from '../../src/io/observe/log.ts'
import { openMetrics } from '../../src/io/observe/metrics.ts'
import { openQueue } from '../../src/io/queue.ts'
import { Diagnostics } from '../../src/language/diagnostics.ts'
import { GeneratedCode } from '../../src/language/rules/generated-code.ts'
import { readProgrammes } from '../../src/programmes/rules/read-book.ts'
import { selectFigures } from '../../src/reports/figures.sql.ts'
import { registerClient } from '../../src/trust/access/client.sql.ts'
import { newClientId } from '../../src/trust/access/client.ts'
import type { Scope } from '../../src/trust/access/scopes.ts'
import { createTokens } from '../../src/trust/access/token.ts'
import { createKeyRing, type KeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import type { PersonRole } from '../../src/trust/people/roles.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { accountOf, cheapPasswords, signedIn } from '../support/fixtures/people.ts'

export type TestGateway = Awaited<ReturnType<typeof openGateway>>
export type TestRegistry = Parameters<typeof buildApp>[0]['registry']

const PUBLIC_URL = 'http://titian.test'
const ALL_OF_PLATFORM: Scope[] = ['batches:write', 'batches:read', 'records:read', 'conservation:read']

/** The whole API on a free port, over a database of its own or one that is there; closed by `await using`. */
export async function openGateway(
  settings: Record<string, string> = {},
  registry: TestRegistry = REGISTRY,
  there?: { db: TestDatabase; ring: KeyRing },
  tracing?: Parameters<typeof buildApp>[0]['tracing'],
) {
  const db = there?.db ?? (await freshDatabase())
  const ring = there?.ring ?? createKeyRing(new Date('2026-01-01T00:00:00Z'))
  const vault = openVault(ring)
  const publicUrl = settings.PUBLIC_URL ?? PUBLIC_URL
  const tokens = createTokens(ring, { issuer: publicUrl, seconds: 300 })
  const queue = openQueue({ databaseUrl: db.url })
  const deps = {
    config: readConfig({ DATABASE_URL: db.url, ...settings }),
    db: db.pool,
    vault,
    ring,
    reloadKeys: () => ring,
    registry,
    cleaner: cleanHere(registry, vault),
    queue,
    log: openLog({ LOG_LEVEL: 'silent', ...settings }, 'test'),
    metrics: openMetrics({ db: db.pool, readFigures: selectFigures }),
    crash: () => undefined,
    publicUrl,
    passwords: cheapPasswords(vault),
  }
  const app = await buildApp({ ...deps, ...(tracing && { tracing }) })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    url,
    app,
    deps,
    db,
    vault,
    datasets: registry.datasets,
    /** A client of a platform (null: of none), as a function that calls the API with its token. */
    async caller(platform: string | null, scopes: Scope[] = ALL_OF_PLATFORM, person?: AccountId) {
      const id = newClientId()
      const made = await registerClient(db.pool, vault, { id, platform, scopes, ...(person && { person }) })
      const token = await tokens.issue({ client: id, platform, scopes }, new Date())
      const call = (path: string, init: RequestInit & { duplex?: 'half' } = {}) =>
        fetch(`${url}${path}`, {
          ...init,
          headers: { authorization: `Bearer ${token}`, ...(init.headers as Record<string, string>) },
        })
      return Object.assign(call, { id, secret: made?.secret ?? '', token })
    },
    /** A client that acts for a steward of its own, whose account is the `id`. */
    async steward() {
      const person = await accountOf({ db: db.pool, vault }, ['steward'], newClientId())
      const call = await this.caller(null, ['steward'], person)
      return Object.assign(call, { through: call.id, id: person })
    },
    /** A person of these roles at the console, with the cookie of their session. */
    person: (roles: PersonRole[] = ['steward']) => signedIn({ db: db.pool, vault, publicUrl }, roles),
    async [Symbol.asyncDispose]() {
      await app.close()
      await queue.close()
      await db[Symbol.asyncDispose]()
    },
  }
}

/** Pushes NDJSON (or what the headers say) under a key. */
export function push(
  call: (path: string, init: RequestInit) => Promise<Response>,
  key: string,
  body: RequestInit['body'],
  { dataset = 'orang', ...headers }: Record<string, string> = {},
): Promise<Response> {
  return call(`/v1/datasets/${dataset}/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', 'idempotency-key': key, ...headers },
    body: body ?? null,
  })
}

/** Sentences about problems are compared by code: the last part of `type`. */
export async function problemOf(response: Response): Promise<{ status: number; code: string }> {
  const { type, status } = (await response.json()) as { type: string; status: number }
  return { status, code: type.split('/').at(-1) ?? '' }
}

function platform(name: string, datasets: string[], validTo = '2999-12-31'): Platform {
  const agreement = {
    number: 'PKS-1',
    parties: [],
    purpose: '',
    legalBasis: [],
    validFrom: '2020-01-01',
    validTo,
    fields: '*' as const,
  }
  return { name, title: name, scope: ['31'], datasets, contact: 'x@example', agreement }
}

function document(value: unknown) {
  return { file: '', value, at: () => ({ file: '', line: 1, field: '' }) }
}

/** One NDJSON and one CSV dataset without any rule: an entry that is readable is accepted. */
function dataset(name: string, format: CompiledDataset['format']): CompiledDataset {
  return {
    name,
    version: '1',
    format,
    folder: {
      name,
      version: '1',
      isDraft: false,
      mapping: document({}),
      schema: document({ type: 'object', properties: { id: { type: 'string' } } }),
      codes: new Map(),
      examples: [],
    },
    mapping: {
      title: name,
      status: 'assumption',
      format: { kind: 'ndjson' },
      records: [{ level: 'individu', key: 'id', fields: {} }],
    },
    generated: new GeneratedCode('test'),
    turnBack: () => ({ is: 'none', reason: 'no-column' }),
    carries: new Set(),
    lookups: [],
    recordOf: () => undefined,
    keysOf: () => ({ entry: null, records: [] }),
    clean({ line, form, text }: RawEntry) {
      const error = (code: string): Finding[] => [{ code, severity: 'error', path: '' }]
      if (form === 'refused') return { line, key: null, verdict: 'rejected', findings: error(text), records: [] }
      const value: unknown = JSON.parse(text)
      const key = Array.isArray(value) ? String(value[0]) : String((value as { id?: unknown }).id)
      return { line, key, verdict: 'accepted', findings: [], records: [] }
    },
  }
}

const COLUMNS = ['id', 'nama', 'alamat']
const DATASETS = [
  dataset('orang', { kind: 'ndjson' }),
  dataset('tabel', { kind: 'csv', delimiter: ';', columns: COLUMNS, encodings: ['utf-8', 'windows-1252'] }),
  dataset('lama', { kind: 'ndjson' }),
]
const REGISTRY: TestRegistry = {
  datasets: new Map(DATASETS.map((one) => [one.name, one])),
  versions: new Map(DATASETS.map((one) => [`${one.name}@1`, one])),
  canonical: { variables: new Map(), codelists: new Map() },
  crosswalks: new Map(),
  regions: new Regions({ provinces: '', regencies: '', districts: '', villages: '', variants: '' }),
  rules: { rules: [] },
  platforms: new Map(
    [
      platform('utara', ['orang', 'tabel']),
      platform('selatan', ['orang']),
      platform('berakhir', ['orang'], '2021-12-31'),
    ].map((one) => [one.name, one]),
  ),
  findings: {},
  programmes: readProgrammes(new Map(), { variables: new Map(), codelists: new Map() }, new Diagnostics()),
  survivorship: { default: ['orang'], fields: {} },
  results: { reasons: new Map(), programmes: new Map() },
  linkage: readFileSync(join(import.meta.dirname, '..', '..', 'src', 'registry', 'linkage', 'model.json'), 'utf8'),
}
