import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe } from 'vitest'

const LIBRARIES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so']
const LIBRARY = LIBRARIES.find((path) => existsSync(path)) ?? ''
const IS_THERE = spawnSync('softhsm2-util', ['--version']).error === undefined && LIBRARY !== '' && isBuilt()

const MAY_SKIP = process.env.TITIAN_NO_SKIP !== '1' || process.env.TITIAN_NO_TOKEN === '1'

/** Skipped, by name, where there is no SoftHSM, or the addon is not built; TITIAN_NO_SKIP without TITIAN_NO_TOKEN makes it fail instead. */
export const describeWithToken = describe.skipIf(MAY_SKIP && !IS_THERE)

export const TOKEN = 'titian'
const PIN = '987654'

/** A software token of a folder of its own: what a process has to be told to reach it. */
export async function softToken() {
  const folder = await mkdtemp(join(tmpdir(), 'titian-token-'))
  const [conf, pin] = [join(folder, 'softhsm2.conf'), join(folder, 'pin')]
  await mkdir(join(folder, 'tokens'))
  await writeFile(
    conf,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  await writeFile(pin, `${PIN}\n`, { mode: 0o600 })
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', TOKEN, '--so-pin', '12345678', '--pin', PIN], {
    env: { ...process.env, SOFTHSM2_CONF: conf },
    stdio: 'ignore',
  })
  return {
    folder,
    pin,
    env: { SOFTHSM2_CONF: conf, KEYS_PKCS11_MODULE: LIBRARY, KEYS_PKCS11_PIN_FILE: pin },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

function isBuilt(): boolean {
  try {
    createRequire(import.meta.url)('pkcs11js')
    return true
  } catch {
    return false
  }
}
