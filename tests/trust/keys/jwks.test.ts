import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keysInFile, readJwks } from '../../../src/trust/keys/jwks.file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-jwks-'))
})
afterAll(() => rm(folder, { recursive: true }))

const ed25519 = (kid: string) => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid })
const rsa = () => ({
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' }),
  kid: 'r',
})

async function file(name: string, content: unknown): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('a JWKS file', () => {
  it('gives its Ed25519 keys by id and passes over others', async () => {
    const path = await file('mixed.json', { keys: [ed25519('a'), rsa(), { kty: 'OKP' }, ed25519('b')] })
    expect([...readJwks(path).keys()]).toEqual(['a', 'b'])
  })

  it.for([
    ['nothing.json', ''],
    ['other.json', '[]'],
    ['none.json', { keys: [] }],
  ] as const)('is refused where it holds no key: %s', async ([name, content]) => {
    const path = await file(name, content)
    expect(() => readJwks(path)).toThrow(expect.objectContaining({ code: 'config-invalid' }))
  })

  it('is read anew for a key that is not in it, once a second at most, and stays where it cannot be read', async () => {
    const path = await file('turning.json', { keys: [ed25519('old')] })
    let now = 0
    const find = keysInFile(path, () => now)
    await file('turning.json', { keys: [ed25519('old'), ed25519('new')] })
    expect(find('new')).toBeUndefined()
    now = 2000
    expect(find('new')).toBeDefined()
    await file('turning.json', 'broken')
    now = 4000
    expect([find('newest'), find('old')]).toEqual([undefined, expect.anything()])
  })
})
