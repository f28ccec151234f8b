import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeFirstPerson } from '../../../src/cli/run/first-person.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { keyRingFile, readKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { createPasswords } from '../../../src/trust/people/password.ts'
import { createSignIn } from '../../../src/trust/people/sign-in.db.ts'
import { titian } from '../../support/command.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'

let db: TestDatabase
let data: string
beforeAll(async () => {
  db = await freshDatabase()
  data = await mkdtemp(join(tmpdir(), 'titian-people-'))
  await titian(['keys', 'init', '--data', data])
})
afterAll(async () => {
  await db[Symbol.asyncDispose]()
  await rm(data, { recursive: true })
})

const people = (...args: string[]) => titian(['people', ...args, '--data', data], {}, async () => openPool(db.url, 2))

it('titian people adds, lists, changes, shuts out and resets, each in the audit log under the id', async () => {
  const added = JSON.parse((await people('add', 'siti', '--role', 'ops,auditor', '--json')).out[0] ?? '') as {
    id: string
  }
  expect(added).toEqual({
    name: 'siti',
    id: expect.stringMatching(/^acc_/),
    password: expect.stringMatching(/^(\w{5}-){3}/),
  })
  await people('add', 'budi@dinas', '--role', 'steward')
  expect((await people('roles', 'siti', 'viewer', '--json')).out).toEqual([
    JSON.stringify({ name: 'siti', id: added.id, roles: ['viewer'] }),
  ])
  expect((await people('disable', 'siti')).out).toEqual(['siti is disabled'])
  const { out } = await people('list')
  expect(out.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['name', 'account', 'roles', 'state', 'signs in by', 'last signed in'],
    ['siti', added.id, 'viewer', 'disabled', 'password', '-'],
    ['budi@dinas', expect.stringMatching(/^acc_/), 'steward', 'first password', 'password', '-'],
  ])
  expect((await people('enable', added.id)).out).toEqual([`${added.id} is enabled`])
  expect((await people('reset', 'siti')).out.join()).toMatch(/password +(\w{5}-){3}\w{5}$/)
  const { rows } = await db.pool.query<{ line: string }>(
    "select concat_ws(' ', actor, action) as line from audit where object = $1 order by sequence",
    [added.id],
  )
  const by = `shell:${process.getuid?.()}`
  const acts = ['added', 'roles', 'disabled', 'enabled', 'reset']
  expect(rows.map(({ line }) => line)).toEqual(acts.map((act) => `${by} account.${act}`))
  const list = (await people('list', '--json')).out.map((line) => JSON.parse(line) as { name: string })
  expect(list.map(({ name }) => name)).toEqual(['siti', 'budi@dinas'])
})

it.for([
  [['add', 'siti', '--role', 'ops'], 'somebody called siti already'],
  [['add', 'Siti W', '--role', 'ops'], 'lower-case letters'],
  [['add', '3171', '--role', 'ops'], 'at least one letter'],
  [['add', 'acc_x', '--role', 'ops'], 'ids of accounts'],
  [['disable', 'tiada'], 'nobody is called tiada'],
  [['enable', 'budi@dinas'], 'enabled already'],
  [['roles', 'siti'], 'roles are: ops, steward, auditor, viewer'],
  [['code'], 'titian up makes it'],
] as const)('titian people %o is refused: %s', async ([args, why]) => {
  const { err, code } = await people(...args)
  expect([code, err.join().includes(why)]).toEqual([1, true])
})

it('titian people code says how the person signs in that titian up makes, once', async () => {
  const vault = openVault(await readKeyRing(keyRingFile(data)))
  await makeFirstPerson({ db: db.pool, vault }, data)
  await makeFirstPerson({ db: db.pool, vault }, data)
  expect((await stat(join(data, 'people.json'))).mode & 0o777).toBe(0o600)
  const said = JSON.parse((await people('code', '--json')).out[0] ?? '') as {
    name: string
    password: string
    code: string
  }
  const signIn = createSignIn(db.pool, vault, createPasswords(vault))
  expect(await signIn({ ...said, address: '127.0.0.1' })).toMatchObject({ is: 'known' })
  expect(await signIn({ ...said, address: '127.0.0.1' })).toMatchObject({ is: 'refused', reason: 'code-used' })
  const { rowCount } = await db.pool.query("select from account where roles = '{ops,steward,auditor}'")
  expect(rowCount).toBe(1)
}, 300_000)
