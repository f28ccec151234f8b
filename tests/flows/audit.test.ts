import { describe, expect, it } from 'vitest'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { readAuditOf } from '../../src/trust/audit/audit.sql.ts'
import { verifyAudit } from '../../src/trust/audit/verify.db.ts'
import { writeNewKeyRing } from '../../src/trust/keys/keyring.file.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { titian } from '../support/command.ts'
import { freshDatabase } from '../support/database.ts'
import { dataFolder } from '../support/titian.ts'
import { openGateway, push } from './gateway.ts'

describe('the audit log', () => {
  it('tells which client sent a batch, once, however often it is repeated', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    const sent = await push(call, 'k-1', '{"id":"1"}\n{"id":"2"}\n')
    const { id } = (await sent.json()) as { id: string }
    expect((await push(call, 'k-1', '{"id":"1"}\n{"id":"2"}\n')).status).toBe(200)
    const rows = await readAuditOf(gateway.db.pool, 'batch', id)
    expect(rows.map(({ actor, action }) => [actor, action])).toEqual([[call.id, 'batch.received']])
    expect(await readAuditOf(gateway.db.pool, 'client', call.id)).toMatchObject([{ action: 'client.added' }])
    expect((await verifyAudit(gateway.db.pool)).fault).toBeUndefined()
  })

  it('says nothing of a batch that never became whole', async () => {
    await using gateway = await openGateway()
    const call = await gateway.caller('utara')
    const headers = { 'content-digest': `sha-256=:${Buffer.alloc(32).toString('base64')}:` }
    expect((await push(call, 'k-1', '{"id":"1"}\n', headers)).status).toBe(400)
    const { end } = await verifyAudit(gateway.db.pool)
    expect(end.sequence).toBe(1)
  })

  it('tells who added and disabled a client from a shell', async () => {
    await using db = await freshDatabase()
    await using folder = await dataFolder()
    await writeNewKeyRing(`${folder.path}/keys.json`, createKeyRing(new Date()))
    const run = (...args: string[]) => titian([...args, '--data', folder.path], {}, async () => openPool(db.url, 1))
    await run('clients', 'add', 'bps', '--scope', 'deliveries:read')
    await run('clients', 'disable', 'bps')
    await run('clients', 'disable', 'bps')
    const rows = await readAuditOf(db.pool, 'client', 'bps')
    expect(rows.map(({ action }) => action)).toEqual(['client.added', 'client.disabled'])
    expect(rows.map(({ actor }) => actor)).toEqual([expect.stringMatching(/^shell:/), expect.stringMatching(/^shell:/)])
  })
})
