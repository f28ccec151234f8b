import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeClients } from '../../../src/cli/run/demo-clients.ts'
import { listClients } from '../../../src/trust/access/client.sql.ts'
import { scopesOf } from '../../../src/trust/access/scopes.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { freshDatabase } from '../../support/database.ts'
import { accountOf } from '../../support/fixtures/people.ts'

it('clients of an earlier version are given the scopes that came since, and keep their secrets', async () => {
  await using db = await freshDatabase()
  const data = await mkdtemp(join(tmpdir(), 'titian-clients-'))
  const vault = openVault(createKeyRing(new Date(0)))
  const person = await accountOf({ db: db.pool, vault }, ['steward'], 'siti')
  const make = () =>
    makeClients({ db: db.pool, vault }, data, person, ['utara'], { url: 'http://a.test', receiver: 'http://b.test' })
  try {
    const before = await make()
    await db.pool.query("update client set scopes = '{batches:write}' where id = 'utara'")
    const after = await make()
    expect(after.clients).toEqual(before.clients)
    const scopes = (await listClients(db.pool)).find(({ id }) => id === 'utara')?.scopes
    expect(scopes?.toSorted()).toEqual(scopesOf('platform').toSorted())
    await make()
    const { rows } = await db.pool.query("select object from audit where action = 'client.widened'")
    expect(rows).toEqual([{ object: 'utara' }])
    // The steward's client acts for the person, also one of before.
    const bound = async () => (await listClients(db.pool)).filter(({ person: of }) => of === person).map(({ id }) => id)
    expect(await bound()).toEqual(['wali-data'])
    await db.pool.query('update client set person = null')
    await make()
    expect(await bound()).toEqual(['wali-data'])
  } finally {
    await rm(data, { recursive: true })
  }
})
