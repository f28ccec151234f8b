import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import type { AccountId } from '../../domain/ids.ts'
import { bindClient, registerClient, widenClient } from '../../trust/access/client.sql.ts'
import { type Scope, scopesOf } from '../../trust/access/scopes.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import type { LocalClients } from '../client/credentials.ts'

/** What a data folder remembers of its installation: the clients made at first start, and how the stand-in is asked. */
export type LocalInstallation = LocalClients & { receiver: { url: string; token: string } }

type Wanted = { id: string; role: string; platform: string | null; scopes: readonly Scope[] }

/** Makes one client per platform, two for BPS (one takes deliveries, one posts results), one for the ops team and one that acts for a person as steward where they are missing, and notes the addresses. */
export async function makeClients(
  { db, vault }: { db: pg.Pool; vault: Vault },
  data: string,
  person: AccountId,
  platforms: readonly string[],
  addresses: { url: string; receiver: string },
): Promise<LocalInstallation> {
  const file = join(data, 'clients.json')
  const known = await readInstallation(file)
  const clients = [...(known?.clients ?? [])]
  for (const wanted of wantedClients(platforms)) {
    const made = clients.find(({ role, platform }) => role === wanted.role && platform === wanted.platform)
    if (made !== undefined) {
      // A version later there may be routes with scopes of their own.
      await widenClient(db, made.id, wanted.scopes)
      if (wanted.role === 'steward') await bindClient(db, made.id, person)
      continue
    }
    const { id, secret } = await register(db, vault, wanted)
    if (wanted.role === 'steward') await bindClient(db, id, person)
    clients.push({ id, secret, platform: wanted.platform, role: wanted.role })
  }
  const token = known?.receiver.token ?? randomBytes(32).toString('base64url')
  const installation = { url: addresses.url, receiver: { url: addresses.receiver, token }, clients }
  await writeFile(`${file}.new`, `${JSON.stringify(installation, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return installation
}

async function readInstallation(file: string): Promise<LocalInstallation | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as LocalInstallation)
}

function wantedClients(platforms: readonly string[]): Wanted[] {
  return [
    ...platforms.map((platform) => ({ id: platform, role: 'platform', platform, scopes: scopesOf('platform') })),
    { id: 'bps', role: 'bps', platform: null, scopes: ['deliveries:read', 'deliveries:ack'] },
    { id: 'bps-hasil', role: 'bps-results', platform: null, scopes: ['results:write'] },
    { id: 'ops', role: 'ops', platform: null, scopes: ['ops'] },
    { id: 'wali-data', role: 'steward', platform: null, scopes: ['steward'] },
  ]
}

/** A start that was killed between the database and the file left a client whose secret nobody knows: it gets a sibling. */
async function register(db: pg.Pool, vault: Vault, { id, platform, scopes }: Wanted) {
  const made = await registerClient(db, vault, { id, platform, scopes })
  if (made !== undefined) return made
  const sibling = await registerClient(db, vault, { id: `${id}-${randomBytes(4).toString('hex')}`, platform, scopes })
  if (sibling === undefined) throw new Error(`no client could be made for ${id}`)
  return sibling
}
