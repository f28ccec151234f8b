import { Command, InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import type { AccountId } from '../../domain/ids.ts'
import { disableClient, listClients, registerClient, renewClientProof } from '../../trust/access/client.sql.ts'
import { newClientId, PROFILES, type Profile, refuseClient } from '../../trust/access/client.ts'
import { isScope, SCOPES, type Scope, scopesOf } from '../../trust/access/scopes.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault, type Vault } from '../../trust/keys/vault.ts'
import { findAccount, readAccount } from '../../trust/people/account.sql.ts'
import { nameIndex } from '../../trust/people/account.ts'
import { isPerson } from '../../trust/people/two-persons.ts'
import type { CliContext } from '../context.ts'
import { type ProofFiles, readProof } from './client-proof.file.ts'

type Common = { data: string; json?: true }
type AddOptions = Common & ProofFiles & { platform?: string; scope?: Scope[]; profile: string; person?: string }

export function clientsCommand(context: CliContext): Command {
  const command = new Command('clients').description('The systems that may call the API')
  const withCommon = (sub: Command) =>
    sub.option('--data <dir>', 'data folder of the installation', context.dataDir).option('--json', 'print JSON')

  withCommon(command.command('add'))
    .description('Add a client and print its secret, this once')
    .argument('[id]', 'name of the client; drawn when it is not given')
    .option('--platform <platform>', 'platform that the client speaks for; without it: BPS, ops or a steward')
    .option('--scope <scope...>', `what it may do: ${Object.keys(SCOPES).join(', ')}`, collectScopes)
    .option('--person <person>', 'name or acc_… of the person that it acts for: what it decides is theirs')
    .option('--jwks <file>', 'its public keys (JWKS), by which it proves itself instead of a secret')
    .option('--certificate <file...>', 'its certificates (PEM), by which it proves itself instead of a secret')
    .option('--profile <profile>', 'usual, or fapi: no secret, and tokens for a key or a certificate only', 'usual')
    .action(async (id: string | undefined, options: AddOptions) => {
      const { platform = null, scope } = options
      const scopes = scope ?? (platform === null ? [] : scopesOf('platform'))
      const vault = openVault(await loadKeyRing(keySettingsOf(context.env), options.data))
      const person = await withDatabase(context, options, (db) => readPerson(db, vault, options.person))
      const client = {
        ...(person && { person }),
        ...{ id: id ?? newClientId(), platform, scopes, profile: readProfile(options.profile) },
        ...(await readProof(options)),
      }
      const refusal = refuseClient(client)
      if (refusal !== undefined) throw new TitianError('bad-request', refusal)
      const made = await withDatabase(context, options, (db) => registerClient(db, vault, client, operator()))
      if (made === undefined) throw new TitianError('bad-request', `a client ${client.id} exists already`)
      const secret = made.secret === '' ? {} : { secret: made.secret }
      if (options.json)
        return context.out(JSON.stringify({ id: made.id, platform, scopes, ...(person && { person }), ...secret }))
      context.out(`client  ${made.id}`)
      if (made.secret === '') return
      context.out(`secret  ${made.secret}`)
      context.err('The secret is shown this once: store it now.')
    })

  withCommon(command.command('list'))
    .description('List all clients, disabled ones too')
    .action(async (options: Common) => {
      for (const client of await withDatabase(context, options, listClients)) {
        if (options.json) context.out(JSON.stringify(client))
        else {
          const state = client.disabled_at === null ? 'enabled' : `disabled ${client.disabled_at.toISOString()}`
          const proof = `${client.proof}${client.profile === 'usual' ? '' : ` ${client.profile}`}`
          context.out(
            [client.id, client.platform ?? '-', state, client.scopes.join(' '), proof, client.person ?? '-'].join('\t'),
          )
        }
      }
    })

  withCommon(command.command('keys'))
    .description('Replace the keys and certificates of a client: give the old ones along while both are in use')
    .argument('<id>')
    .option('--jwks <file>', 'its public keys (JWKS)')
    .option('--certificate <file...>', 'its certificates (PEM)')
    .action(async (id: string, options: Common & ProofFiles) => {
      const { jwks = null, certificates = [] } = await readProof(options)
      if (jwks === null && certificates.length === 0)
        throw new TitianError('bad-request', 'give the keys with --jwks, or the certificate with --certificate')
      const renewed = { jwks, certificates }
      const isDone = await withDatabase(context, options, (db) => renewClientProof(db, id, renewed, operator()))
      if (!isDone) throw new TitianError('not-found', 'no enabled client without a secret has this id')
      context.out(options.json ? JSON.stringify({ id, renewed: true }) : `${id} proves itself by its new keys`)
    })

  withCommon(command.command('disable'))
    .description('Disable a client for good: its next request is refused')
    .argument('<id>')
    .action(async (id: string, options: Common) => {
      const isDone = await withDatabase(context, options, (db) => disableClient(db, id, operator()))
      if (!isDone) throw new TitianError('not-found', 'no enabled client has this id')
      context.out(options.json ? JSON.stringify({ id, disabled: true }) : `${id} is disabled`)
    })
  return command
}

/** The account that a client is to act for. Throws `not-found` where nobody who is enabled is called so. */
async function readPerson(db: pg.Pool, vault: Vault, name: string | undefined): Promise<AccountId | undefined> {
  if (name === undefined) return undefined
  const account = await (isPerson(name) ? readAccount(db, name as AccountId) : findAccount(db, nameIndex(vault, name)))
  if (account === undefined || account.disabledAt !== null)
    throw new TitianError('not-found', `nobody who is enabled is called ${name}: titian people list`)
  return account.id
}

function readProfile(text: string): Profile {
  const profile = PROFILES.find((one) => one === text)
  if (profile === undefined) throw new TitianError('bad-request', `profiles are: ${PROFILES.join(', ')}`)
  return profile
}

function collectScopes(text: string, earlier: Scope[] = []): Scope[] {
  const scopes = text.split(/[\s,]+/).filter(Boolean)
  const known = scopes.filter(isScope)
  if (known.length < scopes.length) throw new InvalidArgumentError(`scopes are: ${Object.keys(SCOPES).join(', ')}`)
  return [...new Set([...earlier, ...known])]
}

/** Whoever has a shell on the installation, by the number that the system knows them by. */
function operator(): string {
  return `shell:${process.getuid?.() ?? 'unknown'}`
}

async function withDatabase<T>(context: CliContext, { data }: Common, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  const db = await context.openDatabase(data)
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
