import { describe, expect, it } from 'vitest'
import { PLATFORM_NAME } from '../../../src/domain/platform.ts'
import { createAttempts } from '../../../src/trust/access/attempts.ts'
import { disableClient, findEnabledClient, listClients, registerClient } from '../../../src/trust/access/client.sql.ts'
import {
  hashClientSecret,
  isClientSecret,
  newClientId,
  newClientSecret,
  refuseClient,
} from '../../../src/trust/access/client.ts'
import { createLogin } from '../../../src/trust/access/login.ts'
import { scopesOf } from '../../../src/trust/access/scopes.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { freshDatabase } from '../../support/database.ts'

const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
const vault = openVault(ring)
const CARIK = { id: 'carik', platform: 'carik-jakarta', scopes: scopesOf('platform') }

describe('a client secret', () => {
  const secret = newClientSecret()
  const stored = hashClientSecret(vault, 'carik', secret)

  it('holds 256 random bits', () => {
    expect(secret).toMatch(/^titian_[A-Za-z0-9_-]{43}$/)
    expect(new Set(Array.from({ length: 1000 }, newClientSecret)).size).toBe(1000)
  })

  it('is known by its hash, for its own client, under its own key ring', () => {
    expect(isClientSecret(vault, 'carik', secret, stored)).toBe(true)
    expect(isClientSecret(vault, 'carik', `${secret}x`, stored)).toBe(false)
    expect(isClientSecret(vault, 'sumedang', secret, stored)).toBe(false)
    expect(isClientSecret(openVault(createKeyRing(new Date())), 'carik', secret, stored)).toBe(false)
    for (const nothing of [undefined, '', 'short']) expect(isClientSecret(vault, 'carik', secret, nothing)).toBe(false)
  })
})

describe('refuseClient', () => {
  it.for<[string, Parameters<typeof refuseClient>[0], boolean]>([
    ['a platform client with platform scopes', CARIK, true],
    ['a national client with national scopes', { id: 'bps', platform: null, scopes: ['deliveries:read', 'ops'] }, true],
    ['a drawn id', { ...CARIK, id: newClientId() }, true],
    ['a platform client with ops', { ...CARIK, scopes: ['ops'] }, false],
    ['a national client that pushes', { ...CARIK, platform: null }, false],
    ['a client without scopes', { ...CARIK, scopes: [] }, false],
    ['an id with a colon', { ...CARIK, id: 'a:bc' }, false],
    ['an id of digits alone, which may be somebody’s number', { ...CARIK, id: '3171010101900001' }, false],
    ['an id with a line break', { ...CARIK, id: 'carik\n' }, false],
  ])('judges %s', ([, client, good]) => {
    expect(refuseClient(client) === undefined).toBe(good)
  })
})

describe('the client table', () => {
  it('gives an id once, hashes the secret and forgets nobody', async () => {
    await using db = await freshDatabase()
    const made = await registerClient(db.pool, vault, CARIK)
    expect(made?.id).toBe('carik')
    expect(await registerClient(db.pool, vault, CARIK)).toBeUndefined()
    const row = await findEnabledClient(db.pool, 'carik')
    expect(row).toMatchObject({ platform: 'carik-jakarta', scopes: CARIK.scopes })
    expect(row?.secret_hash).not.toContain(made?.secret)
    expect(await disableClient(db.pool, 'carik')).toBe(true)
    expect(await disableClient(db.pool, 'carik')).toBe(false)
    expect(await findEnabledClient(db.pool, 'carik')).toBeUndefined()
    expect((await listClients(db.pool)).map(({ id, disabled_at }) => [id, disabled_at instanceof Date])).toEqual([
      ['carik', true],
    ])
  })
})

describe('createAttempts', () => {
  it('lets a name try again when its window is over, and forgives what succeeded', () => {
    const attempts = createAttempts(2, 60, 10)
    for (let i = 0; i < 5; i++) {
      attempts.count('a', 0)
      attempts.forgive('a')
    }
    expect(attempts.wait('a', 0)).toBe(0)
    attempts.count('a', 0)
    attempts.count('a', 1000)
    expect(attempts.wait('a', 1000)).toBe(59)
    expect(attempts.wait('b', 1000)).toBe(0)
    expect(attempts.wait('a', 60_000)).toBe(0)
    attempts.count('a', 60_000)
    expect(attempts.wait('a', 60_000)).toBe(0)
  })

  it('remembers only so many names, the latest', () => {
    const attempts = createAttempts(1, 60, 100)
    for (let i = 0; i < 1000; i++) attempts.count(`name ${i}`, 0)
    expect(attempts.wait('name 0', 0)).toBe(0)
    expect(attempts.wait('name 999', 0)).toBe(60)
  })
})

describe('createLogin', () => {
  it('knows the right secret, and says the same of a wrong secret, client and form', async () => {
    await using db = await freshDatabase()
    const made = await registerClient(db.pool, vault, CARIK)
    const login = createLogin(db.pool, vault)
    expect(await login('carik', made?.secret ?? '', '192.0.2.1')).toMatchObject({
      is: 'known',
      client: { id: 'carik' },
    })
    for (const [id, secret] of [
      ['carik', 'wrong'],
      ['nobody', 'wrong'],
      ["' or 1=1 --", ''],
      ['', ''],
    ] as const)
      expect(await login(id, secret, '192.0.2.1')).toEqual({ is: 'refused' })
    await disableClient(db.pool, 'carik')
    expect(await login('carik', made?.secret ?? '', '192.0.2.1')).toEqual({ is: 'refused' })
  })

  it('stops a guesser after ten failures at once, at one address and only for a minute', async () => {
    await using db = await freshDatabase()
    await registerClient(db.pool, vault, CARIK)
    let now = 0
    const login = createLogin(db.pool, vault, () => now)
    const guesses = await Promise.all(Array.from({ length: 30 }, () => login('carik', 'wrong', '192.0.2.1')))
    expect(guesses.filter(({ is }) => is === 'refused')).toHaveLength(10)
    expect(await login('carik', 'wrong', '192.0.2.1')).toEqual({ is: 'too-many', retryAfterSeconds: 60 })
    expect(await login('carik', 'wrong', '192.0.2.2')).toEqual({ is: 'refused' })
    now = 60_000
    expect(await login('carik', 'wrong', '192.0.2.1')).toEqual({ is: 'refused' })
  })

  it('lets whoever has the right secret in, whatever others tried for the same client or at the same address', async () => {
    await using db = await freshDatabase()
    const made = await registerClient(db.pool, vault, CARIK)
    const login = createLogin(db.pool, vault, () => 0)
    for (let i = 0; i < 60; i++) await login(`guess-${i}`, 'wrong', '192.0.2.1')
    for (let i = 0; i < 60; i++) await login('carik', 'wrong', '192.0.2.1')
    expect(await login('carik', 'wrong', '192.0.2.1')).toMatchObject({ is: 'too-many' })
    for (let i = 0; i < 20; i++)
      expect(await login('carik', made?.secret ?? '', '192.0.2.1')).toMatchObject({ is: 'known' })
    expect(await login('carik', 'wrong', '192.0.2.1')).toMatchObject({ is: 'too-many' })
  })

  it.for(['x', 'dk', 'a'.repeat(64)])(
    'lets in the client %s, whose id is a name that a platform may have',
    async (id) => {
      await using db = await freshDatabase()
      expect(id).toMatch(new RegExp(`^${PLATFORM_NAME}$`))
      const client = { ...CARIK, id, platform: id }
      expect(refuseClient(client)).toBeUndefined()
      const made = await registerClient(db.pool, vault, client)
      const login = createLogin(db.pool, vault)
      expect(await login(id, made?.secret ?? '', '192.0.2.1')).toMatchObject({ is: 'known', client: { id } })
    },
  )

  it('stops an address that tries one id after another', async () => {
    await using db = await freshDatabase()
    const login = createLogin(db.pool, vault, () => 0)
    for (let i = 0; i < 50; i++) expect(await login(`guess-${i}`, 'x', '192.0.2.1')).toEqual({ is: 'refused' })
    expect(await login('guess-50', 'x', '192.0.2.1')).toMatchObject({ is: 'too-many' })
  })
})
