import { Command, InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { TitianError } from '../../domain/error.ts'
import { disableClient, listClients, registerClient } from '../../trust/access/client.sql.ts'
import { newClientId, refuseClient } from '../../trust/access/client.ts'
import { isScope, SCOPES, type Scope, scopesOf } from '../../trust/access/scopes.ts'
import { loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault } from '../../trust/keys/vault.ts'
import type { CliContext } from '../context.ts'

type Common = { data: string; json?: true }

export function clientsCommand(context: CliContext): Command {
  const command = new Command('clients').description('The systems that may call the API')
  const withCommon = (sub: Command) =>
    sub.option('--data <dir>', 'data folder of the installation', context.dataDir).option('--json', 'print JSON')

  withCommon(command.command('add'))
    .description('Add a client and print its secret, this once')
    .argument('[id]', 'name of the client; drawn when it is not given')
    .option('--platform <platform>', 'platform that the client speaks for; without it: BPS, ops or a steward')
    .option('--scope <scope...>', `what it may do: ${Object.keys(SCOPES).join(', ')}`, collectScopes)
    .action(async (id: string | undefined, options: Common & { platform?: string; scope?: Scope[] }) => {
      const { platform = null, scope } = options
      const scopes = scope ?? (platform === null ? [] : scopesOf('platform'))
      const client = { id: id ?? newClientId(), platform, scopes }
      const refusal = refuseClient(client)
      if (refusal !== undefined) throw new TitianError('bad-request', refusal)
      const vault = openVault(await loadKeyRing(keySettings(context), options.data))
      const made = await withDatabase(context, options, (db) => registerClient(db, vault, client, operator()))
      if (made === undefined) throw new TitianError('bad-request', `a client ${client.id} exists already`)
      if (options.json) return context.out(JSON.stringify({ ...client, secret: made.secret }))
      context.out(`client  ${made.id}`)
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
          context.out([client.id, client.platform ?? '-', state, client.scopes.join(' ')].join('\t'))
        }
      }
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

function keySettings({ env }: CliContext): { KEYS?: string; KEYS_FILE?: string } {
  return { ...(env.KEYS && { KEYS: env.KEYS }), ...(env.KEYS_FILE && { KEYS_FILE: env.KEYS_FILE }) }
}

async function withDatabase<T>(context: CliContext, { data }: Common, work: (db: pg.Pool) => Promise<T>): Promise<T> {
  const db = await context.openDatabase(data)
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
