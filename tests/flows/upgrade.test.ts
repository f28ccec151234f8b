import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRegistry } from '../../src/deps.ts'
import type { Batch, Release } from '../../src/engine/batch-shapes.ts'
import { withClient } from '../../src/io/postgres/postgres.ts'
import type { Conservation, FindingPage } from '../../src/reports/shapes.ts'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { verifyAudit } from '../../src/trust/audit/verify.db.ts'
import { openReason } from '../../src/trust/keys/reason.ts'
import { aad, openVault } from '../../src/trust/keys/vault.ts'
import { titian } from '../support/command.ts'
import { type OldInstallation, openOldInstallation } from '../support/fixtures/old-installation.ts'
import { dumpSchema, SCHEMA_FILE } from '../support/schema.ts'
import { openGateway, push, type TestGateway } from './gateway.ts'
import { workAll } from './stages.ts'

type View = Static<typeof Batch>
type Registry = Awaited<ReturnType<typeof openRegistry>>

let old: OldInstallation
let registry: Registry
let gateway: TestGateway
let migrated: string[]
let before: Record<string, View>

/** What code of fe6f292 left, migrated and opened by the code of today. */
beforeAll(async () => {
  old = await openOldInstallation('fe6f292')
  const env = { DATABASE_URL: old.db.url, DATABASE_OWNER_URL: old.db.ownerUrl }
  migrated = (await titian(['migrate'], env)).out
  const vault = openVault(old.ring)
  registry = await openRegistry({}, vault)
  gateway = await openGateway({ CHUNK_RECORDS: '8' }, registry, old)
  before = await batches()
}, 300_000)
afterAll(() => gateway?.[Symbol.asyncDispose]())

/** All batches by the key they were sent under; those of our own by their dataset and number. */
async function batches(): Promise<Record<string, View>> {
  const ops = await gateway.caller(null, ['ops'])
  const { rows } = await gateway.db.pool.query<{ id: string; key: string }>(`
    select id, case platform when 'titian' then dataset || ' ' || receipt_order else idempotency_key end as key from batch`)
  const views: Record<string, View> = {}
  for (const { id, key } of rows) views[key] = (await (await ops(`/v1/batches/${id}`)).json()) as View
  return views
}

async function gap(): Promise<number> {
  const ops = await gateway.caller(null, ['ops'])
  return ((await (await ops('/v1/conservation')).json()) as Static<typeof Conservation>).gap
}

const openChunks = async () => (await gateway.db.pool.query("select from chunk where state <> 'settled'")).rowCount ?? 0

/** Works and acknowledges until nothing is due any more. */
async function settleAll(): Promise<void> {
  for (let turn = 0; turn < 5 && (await openChunks()) > 0; turn++) await workAll(gateway, registry)
  expect(await openChunks()).toBe(0)
}

/** Opens every sealed thing in the database; gives how many there were of each kind. */
async function openSealed(): Promise<Record<string, number>> {
  const { vault, db } = gateway
  const { rows } = await db.pool.query<{ platform: string; kind: string; id: string; field: string; sealed: Buffer }>(`
    select platform, 'chunk' as kind, id, 'raw' as field, raw as sealed from chunk where raw is not null
    union all select platform, 'chunk', id, 'cleaned', cleaned from chunk where cleaned is not null
    union all select platform, 'source_record', encode(key_index, 'hex'), 'record', sealed from source_record
    union all select platform, 'delivery', id, 'payload', payload from delivery where payload is not null`)
  const counts: Record<string, number> = {}
  for (const { platform, kind, id, field, sealed } of rows) {
    expect(vault.open(sealed, aad(platform, kind, id, field)).length).toBeGreaterThan(0)
    counts[field] = (counts[field] ?? 0) + 1
  }
  const reasons = await db.pool.query<{ reason: string }>('select reason from link_decision order by decided_at')
  expect(reasons.rows.map(({ reason }) => openReason(vault, reason))).toEqual(['as the village says', 'two men'])
  return counts
}

async function findingsOf(batch: string): Promise<string[]> {
  const ops = await gateway.caller(null, ['ops'])
  const page = await (await ops(`/v1/batches/${batch}/findings?limit=1000`)).json()
  return (page as Static<typeof FindingPage>).findings.map(({ line, code }) => `${line} ${code}`)
}

describe('a data folder made by commit fe6f292', () => {
  it('is migrated by what came since, and then has the schema of a new one', async () => {
    expect(migrated[0]).toContain('0008_field_words')
    const names = (await old.db.pool.query<{ name: string }>('select name from migration order by id')).rows
    expect(names.slice(0, 7).map(({ name }) => name.slice(0, 4))).toEqual(
      names.slice(0, 7).map((_, at) => `000${at + 1}`),
    )
    const env = { DATABASE_URL: old.db.url, DATABASE_OWNER_URL: old.db.ownerUrl }
    expect((await titian(['migrate'], env)).out).toEqual(['nothing to do'])
    expect(await withClient(old.db.ownerUrl, dumpSchema)).toBe(await readFile(SCHEMA_FILE, 'utf8'))
  })

  it('holds what the old code had under way, and its sums close', async () => {
    const states = Object.fromEntries(Object.entries(before).map(([key, { state }]) => [key, state]))
    expect(states).toEqual({
      'keluarga-1': 'settled',
      'orang-1': 'settled',
      'pasangan-1': 'settled',
      'link-decision 4': 'settled',
      'rumah-1': 'received',
      'keluarga-2': 'received',
      'keluarga-3': 'received',
      'link-decision 8': 'received',
      'link-again 9': 'received',
    })
    expect(await gap()).toBe(0)
  })

  it('opens everything that was sealed', async () => {
    expect(await openSealed()).toEqual({ raw: 9, cleaned: 9, record: 113, payload: 8 })
  })

  it('gives every delivery of then by the bytes that its digest is of', async () => {
    const bps = await gateway.caller(null, ['deliveries:read', 'deliveries:ack'])
    const { rows } = await gateway.db.pool.query<{ id: string; digest: Buffer }>(
      'select id, digest from delivery where position is not null order by position',
    )
    expect(rows.length).toBeGreaterThan(5)
    for (const { id, digest } of rows) {
      // `fetch` would unpack them.
      const headers = { authorization: `Bearer ${bps.token}`, 'accept-encoding': 'zstd' }
      const answer = await request(`${gateway.url}/v1/deliveries/${id}/records`, { headers })
      expect(answer.statusCode).toBe(200)
      expect(hash('sha256', Buffer.from(await answer.body.arrayBuffer()), 'buffer')).toEqual(digest)
    }
  })

  it('lets the old clients in with their secrets', async () => {
    for (const [id, secret] of Object.entries(old.secrets)) {
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded' }
      const init = { method: 'POST', headers, body: 'grant_type=client_credentials' }
      expect((await fetch(`${gateway.url}/oauth/token`, init)).status).toBe(200)
    }
  })

  it('answers what was sent before, under its key, with the batch it made then', async () => {
    for (const sent of old.pushes) {
      const call = await gateway.caller(sent.platform)
      const answer = await push(call, sent.key, sent.body, { dataset: sent.dataset, 'content-type': sent.type })
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ id: before[sent.key]?.id })
    }
  })

  it('goes on until everything is settled and acknowledged, and the sums close', async () => {
    await settleAll()
    const after = await batches()
    expect(Object.values(after).filter(({ state, gap }) => state !== 'settled' || gap !== 0)).toEqual([])
    for (const [key, { counts, state }] of Object.entries(before))
      if (state === 'settled') expect([key, after[key]?.counts]).toEqual([key, counts])
    expect(await gap()).toBe(0)
    const { rows } = await gateway.db.pool.query("select state from delivery where state <> 'acknowledged'")
    expect(rows).toEqual([])
  })

  it('releases what was held, now that the floor is no longer held', async () => {
    const ops = await gateway.caller(null, ['ops'])
    const { id = '', counts } = before['keluarga-1'] ?? {}
    expect(await findingsOf(id)).toContain('6 code-unmapped')
    const answer = (await (await ops(`/v1/batches/${id}/release`, { method: 'POST' })).json()) as Static<typeof Release>
    expect(answer.released).toBe(counts?.held)
    await settleAll()
    const batch = (await batches())['keluarga-1']
    expect(batch?.counts).toMatchObject({ new: (counts?.new ?? 0) + 1, held: (counts?.held ?? 0) - 1, pending: 0 })
    expect(await gap()).toBe(0)
  })

  it('takes every file again as unchanged, but for what was refused and keys that came twice', async () => {
    const settled = await batches()
    for (const sent of old.pushes) {
      const call = await gateway.caller(sent.platform)
      const answer = await push(call, `${sent.key}-lagi`, sent.body, {
        dataset: sent.dataset,
        'content-type': sent.type,
      })
      expect(answer.status).toBe(202)
    }
    await settleAll()
    const after = await batches()
    for (const { key } of old.pushes) {
      const first = settled[key]?.counts
      const known = (first?.new ?? 0) + (first?.updated ?? 0) + (first?.unchanged ?? 0)
      // A cell that says #N/A was kept as a value then.
      const updated = key === 'orang-1' ? 1 : 0
      expect([key, after[`${key}-lagi`]?.counts]).toEqual([
        key,
        {
          received: first?.received,
          pending: 0,
          new: 0,
          updated,
          unchanged: known - updated,
          rejected: first?.rejected,
          held: first?.held,
        },
      ])
    }
    expect(await gap()).toBe(0)
  })

  it('lets the open possible match be decided, which corrects the person', async () => {
    const steward = await gateway.caller(null, ['steward'])
    const open = async () => ((await (await steward('/v1/reviews')).json()) as { reviews: { id: string }[] }).reviews
    const [review, ...others] = await open()
    expect(others).toEqual([])
    const body = JSON.stringify({ decision: 'same', reason: 'one man with two names' })
    const headers = { 'content-type': 'application/json' }
    expect((await steward(`/v1/reviews/${review?.id}`, { method: 'POST', body, headers })).status).toBe(200)
    await settleAll()
    expect(await open()).toEqual([])
    expect(await readAuditOf(gateway.db.pool, 'review', review?.id ?? '')).toMatchObject([{ action: 'review.same' }])
    expect(await gap()).toBe(0)
  })

  it('has one audit log from then until now, which holds against what was noted then', async () => {
    const { end, fault } = await verifyAudit(gateway.db.pool, { noted: old.checkpoint })
    expect(fault).toBeUndefined()
    expect(end.sequence).toBeGreaterThan(old.checkpoint.sequence)
    const altered = { ...old.checkpoint, hash: 'f'.repeat(64) }
    expect((await verifyAudit(gateway.db.pool, { noted: altered })).fault).toEqual({
      sequence: altered.sequence,
      why: 'replaced',
    })
  })
})
