import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TitianError } from '../../domain/error.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Credentials } from './push.client.ts'
import { unreadable } from './readable.ts'

/** What `titian up` leaves in its data folder: the address, and the clients it made at its first start. */
export type LocalClients = {
  url: string
  clients: { id: string; secret: string; platform: string | null; role: string }[]
}

export type CredentialOptions = { url?: string; client?: string; secretFile?: string }

/** Credentials named on the command line, else those of a local `titian up` for a platform or a role. */
export async function findCredentials(
  options: CredentialOptions,
  dataDir: string,
  wanted: { platform: string } | { role: string },
): Promise<Credentials> {
  const { url, client, secretFile } = options
  if (url !== undefined || client !== undefined || secretFile !== undefined) {
    if (url === undefined || client === undefined || secretFile === undefined) {
      throw new TitianError('config-invalid', '--url, --client and --secret-file belong together')
    }
    return { url, client, secret: await readSecret(secretFile) }
  }
  const local = await readClients(dataDir)
  const found = local.clients.find((one) =>
    'platform' in wanted ? one.platform === wanted.platform : one.role === wanted.role,
  )
  if (found === undefined) {
    throw new TitianError('client-invalid', `${dataDir} has no client for ${missing(wanted, local)}`)
  }
  return { url: local.url, client: found.id, secret: found.secret }
}

function missing(wanted: { platform: string } | { role: string }, { clients }: LocalClients): string {
  if ('role' in wanted) return `role ${wanted.role}`
  const platforms = clients.flatMap(({ platform }) => platform ?? [])
  return `platform ${wanted.platform}. ${didYouMean(wanted.platform, platforms, `It has ${platforms.join(', ')}.`)}`
}

async function readSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (cause) {
    throw unreadable(file, cause)
  }
}

async function readClients(dataDir: string): Promise<LocalClients> {
  const path = join(dataDir, 'clients.json')
  try {
    return JSON.parse(await readFile(path, 'utf8')) as LocalClients
  } catch (cause) {
    throw new TitianError('config-invalid', `${path} cannot be read: is titian up running there?`, { cause })
  }
}
