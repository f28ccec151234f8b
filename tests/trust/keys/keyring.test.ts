import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readKeyRing, reloadKeyRing, writeKeyRing, writeNewKeyRing } from '../../../src/trust/keys/keyring.file.ts'
import {
  createKeyRing,
  INDEX_PURPOSES,
  type KeyRing,
  parseKeyRing,
  rotateKeyRing,
  workingKey,
} from '../../../src/trust/keys/keyring.ts'
import { rightsFault } from '../../../src/trust/keys/rights.ts'
import { publicJwks, signerOf } from '../../../src/trust/keys/signing-keys.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'

const START = new Date('2026-01-01T00:00:00Z')
const LATER = new Date('2026-02-01T00:00:00Z')
const MUCH_LATER = new Date('2026-03-01T00:00:00Z')

async function folder() {
  const path = await mkdtemp(join(tmpdir(), 'titian-keys-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

describe('createKeyRing', () => {
  it('gives every purpose a secret of its own', () => {
    const ring = createKeyRing(START)
    const secrets = [...Object.values(ring.index), ...ring.seal].map(({ key }) => key)
    expect(new Set(secrets).size).toBe(INDEX_PURPOSES.length + 1)
    expect(secrets.every((secret) => Buffer.from(secret, 'base64url').length === 32)).toBe(true)
  })
})

describe('rotateKeyRing', () => {
  it('adds keys that take over at once and keeps the index keys', () => {
    const old = createKeyRing(START)
    const ring = rotateKeyRing(old, LATER)
    expect(ring.index).toEqual(old.index)
    expect(workingKey(ring.seal, LATER).version).toBe(2)
    expect(workingKey(ring.deliveries, LATER).kid).not.toBe(workingKey(old.deliveries, LATER).kid)
    expect(publicJwks(ring).keys).toHaveLength(4)
  })

  it('leaves a retired signing key its public half only', () => {
    const ring = rotateKeyRing(createKeyRing(START), LATER)
    expect(ring.tokens.map(({ d }) => d !== undefined)).toEqual([false, true])
    expect(ring.deliveries.map(({ d }) => d !== undefined)).toEqual([false, true])
  })

  it('lets the present keys work until the new ones come of age', () => {
    const ring = rotateKeyRing(createKeyRing(START), LATER, MUCH_LATER)
    expect(workingKey(ring.seal, LATER).version).toBe(1)
    expect(workingKey(ring.seal, MUCH_LATER).version).toBe(2)
    expect(signerOf(ring.tokens, LATER).keyid).toBe(ring.tokens[0]?.kid)
    expect(signerOf(ring.tokens, MUCH_LATER).keyid).toBe(ring.tokens[1]?.kid)
  })

  it('signs with the new key even when the clock of a process lags behind the rotation', () => {
    const ring = rotateKeyRing(createKeyRing(START), LATER)
    expect(signerOf(ring.tokens, START).keyid).toBe(ring.tokens[1]?.kid)
  })

  it('adds the index key of a purpose that is new', () => {
    const { nik: _, ...index } = createKeyRing(START).index
    const ring = rotateKeyRing({ ...createKeyRing(START), index }, LATER)
    expect(ring.index.nik?.key).toHaveLength(43)
  })
})

describe('parseKeyRing', () => {
  const ring = createKeyRing(START)
  const first = ring.seal[0]
  it.for<[string, unknown]>([
    ['an empty object', {}],
    ['no seal key', { ...ring, seal: [] }],
    ['a short key', { ...ring, seal: [{ ...first, key: 'c2hvcnQ' }] }],
    ['two keys of one version', { ...ring, seal: [first, first] }],
    ['an unknown format', { ...ring, format: 2 }],
    ['an unknown member', { ...ring, more: 1 }],
    ['a moment that is none', { ...ring, seal: [{ ...first, from: 'yesterday' }] }],
  ])('refuses %s in one line without a secret', ([, value]) => {
    const refusal = refusalOf(() => parseKeyRing(JSON.stringify(value), 'ring.json'))
    expect(refusal).toMatchObject({ code: 'key-ring-invalid' })
    expect(refusal.message).toMatch(/^the key ring ring\.json [^\n]+$/)
    for (const { key } of ring.seal) expect(refusal.message).not.toContain(key)
  })

  it('refuses text that is not JSON without quoting it', () => {
    const refusal = refusalOf(() => parseKeyRing('s3cret', 'TITIAN_KEYS'))
    expect(refusal.message).toBe('the key ring TITIAN_KEYS is not JSON')
    expect(refusal.cause).toBeUndefined()
  })
})

describe('the key ring file', () => {
  it('comes back as it was stored, for its owner only', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'keys', 'ring.json')
    const ring = createKeyRing(START)
    await writeNewKeyRing(path, ring)
    expect(await readKeyRing(path)).toEqual(ring)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(dir.path, 'keys'))).toEqual(['ring.json'])
  })

  it('is replaced as a whole by a rotation', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'ring.json')
    await writeNewKeyRing(path, createKeyRing(START))
    const ring = rotateKeyRing(await readKeyRing(path), LATER)
    await writeKeyRing(path, ring)
    expect(await readKeyRing(path)).toEqual(ring)
    expect(await readdir(dir.path)).toEqual(['ring.json'])
  })

  it('is never overwritten by a new one, also when ten are made at once', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'ring.json')
    const rings = Array.from({ length: 10 }, () => createKeyRing(START))
    const made = await Promise.allSettled(rings.map((ring) => writeNewKeyRing(path, ring)))
    const winners = rings.filter((_, i) => made[i]?.status === 'fulfilled')
    expect(winners).toEqual([JSON.parse(await readFile(path, 'utf8')) as KeyRing])
    expect(await readdir(dir.path)).toEqual(['ring.json'])
  })

  it.for([0o604, 0o660, 0o620, 0o644, 0o666])('is refused when its mode is %o, and KEYS is named', async (mode) => {
    await using dir = await folder()
    const path = join(dir.path, 'ring.json')
    await writeNewKeyRing(path, createKeyRing(START))
    await chmod(path, mode)
    await expect(readKeyRing(path)).rejects.toMatchObject({
      code: 'key-ring-invalid',
      message: expect.stringMatching(/^the key ring .*: chmod 600 it, .*KEYS$/),
    })
  })

  it.for([0o600, 0o400, 0o440, 0o640])(
    'is taken with mode %o in a group of ours, also through a link',
    async (mode) => {
      await using dir = await folder()
      const path = join(dir.path, 'ring.json')
      const ring = createKeyRing(START)
      await writeNewKeyRing(path, ring)
      await chmod(path, mode)
      await symlink(path, join(dir.path, 'link.json'))
      expect(await readKeyRing(join(dir.path, 'link.json'))).toEqual(ring)
    },
  )

  it('is refused when a group may read it that this process is not in', () => {
    expect(rightsFault({ mode: 0o100440, gid: 4_000_000 })).toMatch(/^is open to group 4000000, .*KEYS$/)
    expect(rightsFault({ mode: 0o100400, gid: 4_000_000 })).toBeUndefined()
  })

  it('is read anew in place after a rotation, and a damaged one changes nothing', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'keys.json')
    await writeNewKeyRing(path, createKeyRing(START))
    const ring = await readKeyRing(path)
    const others = openVault(rotateKeyRing(ring, LATER))
    const vault = openVault(ring, Date.now, () => reloadKeyRing(ring, {}, dir.path))
    const sealed = others.seal(Buffer.from('x'), 'here')
    await writeFile(path, '{')
    expect(() => vault.open(sealed, 'here')).toThrow(expect.objectContaining({ code: 'keys-outdated' }))
    const late = openVault(
      ring,
      () => Date.now() + 60_000,
      () => reloadKeyRing(ring, {}, dir.path),
    )
    const rotated = rotateKeyRing(ring, LATER)
    await writeKeyRing(path, rotated)
    expect(late.open(openVault(rotated).seal(Buffer.from('x'), 'here'), 'here').toString()).toBe('x')
    expect(ring.deliveries).toEqual(rotated.deliveries)
  })

  it('is refused when it is missing, a folder, or empty', async () => {
    await using dir = await folder()
    const path = join(dir.path, 'ring.json')
    await expect(readKeyRing(path)).rejects.toMatchObject({
      code: 'key-ring-invalid',
      message: `no key ring at ${path}: run titian keys init`,
    })
    await mkdir(path)
    await expect(readKeyRing(path)).rejects.toMatchObject({ code: 'key-ring-invalid' })
    await writeFile(join(dir.path, 'empty.json'), '', { mode: 0o600 })
    await expect(readKeyRing(join(dir.path, 'empty.json'))).rejects.toMatchObject({ code: 'key-ring-invalid' })
  })
})

function refusalOf(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was refused')
}
