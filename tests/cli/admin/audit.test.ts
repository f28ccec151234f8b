import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { auditCommand } from '../../../src/cli/admin/audit.ts'
import type { CliContext } from '../../../src/cli/context.ts'
import { inTransaction, openPool, withClient } from '../../../src/io/postgres/postgres.ts'
import { appendAudit, readAuditRows } from '../../../src/trust/audit/audit.sql.ts'
import { leafOf } from '../../../src/trust/audit/audit.ts'
import { makeCheckpoint } from '../../../src/trust/audit/checkpoint.db.ts'
import { lastCheckpoint, readCosignatures } from '../../../src/trust/audit/checkpoint.sql.ts'
import { formatWitnessFile } from '../../../src/trust/audit/witness-file.ts'
import { openGateway, type TestGateway } from '../../flows/gateway.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { type Change, drop, edit, exchange, FORGE, HIDE, insert, tamper, truncate } from '../../trust/audit/tamper.ts'

let gateway: TestGateway
let dir: string
let cosigners: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'titian-witness-'))
  cosigners = join(dir, 'witnesses')
  const { out } = await run('', 'witness', 'key', '--name', 'bps.example/saksi', '--key', join(dir, 'witness.jwk'))
  await writeFile(cosigners, `# who cosigns\n${out[0]}\n`)
  gateway = await openGateway({ WITNESS_KEYS_FILE: cosigners })
  await writeFile(join(dir, 'keys.json'), JSON.stringify(gateway.deps.ring), { mode: 0o600 })
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(dir, { recursive: true, force: true })
})

/** `titian audit …` on a database; what it prints, and the code it ends with. */
async function run(url: string, ...words: string[]) {
  const out: string[] = []
  const err: string[] = []
  let code = 0
  const context: CliContext = {
    env: {},
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    interactive: false,
    dataDir: dir,
    signal: new AbortController().signal,
    exit: (given) => {
      code = given
    },
    openDatabase: async () => openPool(url, 2),
  }
  await new Command('titian').addCommand(auditCommand(context)).parseAsync(['audit', ...words], { from: 'user' })
  return { out, err, code }
}

/** Another gateway under the same keys, with a log of its own. */
async function gatewayBeside(): Promise<TestGateway> {
  return openGateway({}, undefined, { db: await freshDatabase(), ring: gateway.deps.ring })
}

const depsOf = () => ({ ring: gateway.deps.ring, publicUrl: 'http://titian.test', clock: () => new Date() })

async function read(db: TestDatabase, count: number): Promise<void> {
  const event = { actor: 'bps', action: 'delivery.read', object: 'dlv_1', shown: { records: 7 } } as const
  for (let i = 0; i < count; i++) await inTransaction(db.pool, (tx) => appendAudit(tx, event))
  await makeCheckpoint(db.pool, depsOf())
}

async function take(...words: string[]) {
  const bps = await gateway.caller(null, ['deliveries:read'])
  const secret = join(dir, 'secret')
  await writeFile(secret, bps.secret)
  return run('', 'witness', 'take', '--url', gateway.url, '--client', bps.id, '--secret-file', secret, ...words)
}

describe('titian audit witness', () => {
  it('keeps the newest checkpoint with all leaves, cosigns it, and goes on where it was', async () => {
    const file = join(dir, 'kept')
    await read(gateway.db, 3)
    const first = await take('--file', file, '--key', join(dir, 'witness.jwk'))
    expect(first).toMatchObject({ code: 0, out: [expect.stringContaining('rows are witnessed')] })
    await read(gateway.db, 2)
    expect((await take('--file', file, '--json')).out.map((line) => JSON.parse(line))).toEqual([
      { rows: expect.any(Number), new: expect.any(Number), cosigned: false },
    ])
    const rows = Number(/^\S+\n(\d+)\n/.exec(await readFile(file, 'utf8'))?.[1])
    expect((await readFile(file, 'utf8')).split('\n\n')[2]?.split('\n').filter(Boolean)).toHaveLength(rows)
    const cosigned = await gateway.db.pool.query<{ size: string }>('select size from audit_cosignature')
    expect(await readCosignatures(gateway.db.pool, Number(cosigned.rows[0]?.size))).toEqual([
      expect.stringMatching(/^— bps\.example\/saksi /),
    ])
    const { out, code } = await run(gateway.db.url, 'verify', '--witness', file, '--json')
    expect([code, JSON.parse(out[0] ?? '')]).toEqual([0, expect.objectContaining({ signed: rows, fault: null })])
  })

  it('says so when the past was rewritten, and keeps the note that proves it', async () => {
    const file = join(dir, 'rewritten')
    await using other = await gatewayBeside()
    await read(other.db, 4)
    const bps = await other.caller(null, ['deliveries:read'])
    await writeFile(join(dir, 'secret'), bps.secret)
    const asked = ['--url', other.url, '--client', bps.id, '--secret-file', join(dir, 'secret'), '--file', file]
    await run('', 'witness', 'take', ...asked)
    const kept = await readFile(file, 'utf8')
    await tamper(other.db, edit, 'anew', 'delete from audit_checkpoint; delete from audit_block')
    await read(other.db, 1)
    const { out, code } = await run('', 'witness', 'take', ...asked)
    expect([code, out[0]]).toEqual([1, expect.stringContaining('another past')])
    expect(await readFile(file, 'utf8')).toBe(kept)
    expect(await readFile(`${file}.conflict`, 'utf8')).toContain('titian.test/audit')
  })

  it('never overwrites a key', async () => {
    await expect(run('', 'witness', 'key', '--name', 'x', '--key', join(dir, 'witness.jwk'))).rejects.toMatchObject({
      code: 'bad-request',
    })
  })
})

describe('titian audit verify --witness', () => {
  const kept = ['audit', 'audit_checkpoint', 'audit_block']
  let log: TestDatabase
  let file: string
  beforeAll(async () => {
    log = await freshDatabase()
    file = join(dir, 'witnessed')
    await read(log, 3)
    await read(log, 3)
    const leaves = (await readAuditRows(log.pool, 0)).map(leafOf)
    await writeFile(file, formatWitnessFile((await lastCheckpoint(log.pool))?.note ?? '', leaves))
    await asOwner(kept.map((table) => `create table true_${table} as table ${table}`))
  })
  afterAll(() => log[Symbol.asyncDispose]())
  afterEach(() =>
    asOwner([
      ...kept.map((table) => `alter table ${table} disable trigger user`),
      ...kept.flatMap((table) => [`delete from ${table}`, `insert into ${table} select * from true_${table}`]),
    ]),
  )
  const asOwner = (statements: readonly string[]) =>
    withClient(log.ownerUrl, async (owner) => {
      for (const statement of statements) await owner.query(statement)
    })

  it('finds nothing where nothing was done', async () => {
    const { out, code } = await run(log.url, 'verify', '--witness', file, '--checkpoint', join(dir, 'none-yet'))
    expect([code, out]).toEqual([0, ['9 rows, whole; 9 of them under signed checkpoints']])
  })

  it.each<[what: string, change: Change, how: 'as-is' | 'anew', also: string, first: string]>([
    ['an edited row', edit, 'as-is', '', 'row 5 was altered'],
    ['an edited row, all hashes written anew', edit, 'anew', '', 'row 5 is another one'],
    ['a deleted row, all written anew', drop, 'anew', '', 'row 5 is another one'],
    ['an inserted row, all written anew', insert, 'anew', '', 'row 5 is another one'],
    ['two rows exchanged, all written anew', exchange, 'anew', '', 'row 5 is another one'],
    ['rows cut off', truncate, 'as-is', '', 'row 5 is missing'],
    ['rows cut off with the checkpoints over them', truncate, 'as-is', HIDE, 'row 5 is missing'],
    ['an edited row and the leaves of all checkpoints', edit, 'anew', FORGE, 'row 5 is another one'],
  ])('names the first bad row after a superuser made: %s', async (_, change, how, also, first) => {
    await tamper(log, change, how, also)
    const noted = ['--checkpoint', join(dir, 'none')]
    const { out, code } = await run(log.url, 'verify', '--witness', file, ...noted)
    expect([code, out[0]]).toEqual([1, expect.stringContaining(first)])
  })
})

describe('titian audit follow', () => {
  it('prints rows in order, and stops at the first that does not follow', async () => {
    await using db = await freshDatabase()
    await read(db, 5)
    const { out } = await run(db.url, 'follow', '--after', '0', '--end', '--json')
    const rows = out.map((line) => JSON.parse(line) as { row: number; shown: object })
    expect(rows.map(({ row }) => row)).toEqual(rows.map((_, at) => at + 1))
    expect(rows).toContainEqual(expect.objectContaining({ action: 'delivery.read', shown: { records: 7 } }))
    await tamper(db, edit, 'as-is')
    const told = await run(db.url, 'follow', '--after', '0', '--end')
    expect([told.out.length, told.code, told.err]).toEqual([4, 1, ['row 5 was altered']])
    await expect(run(db.url, 'follow', '--after', '900', '--end')).rejects.toMatchObject({ code: 'not-found' })
  })
})
