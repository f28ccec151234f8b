import { randomBytes } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as Pkcs11 from 'pkcs11js'
import { TitianError } from '../../domain/error.ts'
import { rightsFault } from './rights.ts'

/** A key that stays on a token (PKCS#11), by the labels of both. */
export type MasterName = { token: string; label: string }
/** How a token is reached: the library of its maker, and a file that holds the PIN of its user. */
export type TokenSettings = { KEYS_PKCS11_MODULE?: string; KEYS_PKCS11_PIN_FILE?: string }
/** A key of 32 bytes as the master key wraps it. */
export type WrappedKey = { iv: Buffer; key: Buffer }

/** What a token does that somebody has logged in to. */
export type OpenToken = {
  wrap(key: Buffer): WrappedKey
  unwrap(wrapped: WrappedKey): Buffer
  /** Makes the master key, which can never leave the token. Throws `key-ring-invalid` where it is there. */
  make(): void
}

const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
/** What the token wraps is a key of rings: the bytes open as nothing else. */
const PURPOSE = Buffer.from('key ring of titian')

/**
 * Logs in to a token, works with its master key, and logs out. Throws `config-invalid` where the settings or the package `pkcs11js` are
 * missing, and `key-ring-invalid` with what the token said, never the PIN.
 */
export function withToken<T>(name: MasterName, settings: TokenSettings, work: (token: OpenToken) => T): T {
  const { KEYS_PKCS11_MODULE: library, KEYS_PKCS11_PIN_FILE: pinFile } = settings
  if (library === undefined || pinFile === undefined)
    throw new TitianError(
      'config-invalid',
      `the key ring is under the token ${name.token}: set KEYS_PKCS11_MODULE and KEYS_PKCS11_PIN_FILE`,
    )
  const pin = readPin(pinFile)
  const package_ = loadPackage()
  const module = new package_.PKCS11()
  try {
    module.load(library)
    module.C_Initialize()
    try {
      return withSession(package_, module, { name, pin }, (session) => work(tokenOf(package_, module, session, name)))
    } finally {
      module.C_Finalize()
    }
  } catch (cause) {
    if (cause instanceof TitianError) throw cause
    throw new TitianError('key-ring-invalid', `the token ${name.token}: ${(cause as Error).message}`, { cause })
  } finally {
    module.close()
  }
}

/** The package is optional: who has no token need not be able to build it. */
function loadPackage(): typeof Pkcs11 {
  try {
    return createRequire(import.meta.url)('pkcs11js')
  } catch (cause) {
    throw new TitianError(
      'config-invalid',
      'KEYS_PKCS11_MODULE wants the package pkcs11js, which is not built here: npm explore pkcs11js -- npm run build',
      { cause },
    )
  }
}

function readPin(path: string): string {
  try {
    const fault = rightsFault(statSync(path))
    if (fault !== undefined) throw new TitianError('config-invalid', `KEYS_PKCS11_PIN_FILE ${path} ${fault}`)
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    if (cause instanceof TitianError) throw cause
    throw new TitianError('config-invalid', `KEYS_PKCS11_PIN_FILE ${path} cannot be read`, { cause })
  }
}

function withSession<T>(
  { CKF_SERIAL_SESSION, CKF_RW_SESSION, CKU_USER }: typeof Pkcs11,
  module: Pkcs11.PKCS11,
  { name, pin }: { name: MasterName; pin: string },
  work: (session: Buffer) => T,
): T {
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trim() === name.token)
  if (slot === undefined) throw new TitianError('key-ring-invalid', `no token is called ${name.token}`)
  const session = module.C_OpenSession(slot, CKF_SERIAL_SESSION | CKF_RW_SESSION)
  module.C_Login(session, CKU_USER, pin)
  try {
    return work(session)
  } finally {
    module.C_Logout(session)
    module.C_CloseSession(session)
  }
}

function tokenOf(p: typeof Pkcs11, module: Pkcs11.PKCS11, session: Buffer, { token, label }: MasterName): OpenToken {
  const found = () => {
    module.C_FindObjectsInit(session, [
      { type: p.CKA_CLASS, value: p.CKO_SECRET_KEY },
      { type: p.CKA_LABEL, value: label },
    ])
    const keys = module.C_FindObjects(session, 2)
    module.C_FindObjectsFinal(session)
    if (keys.length > 1) throw new TitianError('key-ring-invalid', `the token ${token} has two keys ${label}`)
    return keys[0]
  }
  const master = () => {
    const key = found()
    if (key === undefined) throw new TitianError('key-ring-invalid', `the token ${token} has no key ${label}`)
    return key
  }
  const mechanism = (iv: Buffer) => ({
    mechanism: p.CKM_AES_GCM,
    parameter: { type: p.CK_PARAMS_AES_GCM_v240, iv, aad: PURPOSE, ivBits: IV_BYTES * 8, tagBits: TAG_BYTES * 8 },
  })
  return {
    wrap(key) {
      const iv = randomBytes(IV_BYTES)
      module.C_EncryptInit(session, mechanism(iv), master())
      return { iv, key: module.C_Encrypt(session, key, Buffer.alloc(KEY_BYTES + TAG_BYTES)) }
    },
    unwrap({ iv, key }) {
      module.C_DecryptInit(session, mechanism(iv), master())
      return module.C_Decrypt(session, key, Buffer.alloc(KEY_BYTES + TAG_BYTES))
    },
    make() {
      if (found() !== undefined) throw new TitianError('key-ring-invalid', `the token ${token} has a key ${label}`)
      const is = (type: number, value: boolean | number | string) => ({ type, value })
      module.C_GenerateKey(session, { mechanism: p.CKM_AES_KEY_GEN }, [
        is(p.CKA_CLASS, p.CKO_SECRET_KEY),
        is(p.CKA_KEY_TYPE, p.CKK_AES),
        is(p.CKA_VALUE_LEN, KEY_BYTES),
        is(p.CKA_LABEL, label),
        ...[p.CKA_TOKEN, p.CKA_PRIVATE, p.CKA_SENSITIVE, p.CKA_ENCRYPT, p.CKA_DECRYPT].map((type) => is(type, true)),
        is(p.CKA_EXTRACTABLE, false),
      ])
    },
  }
}
