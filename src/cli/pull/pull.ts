import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { openCrash } from '../../io/observe/crash.ts'
import { type PublicJwk, publicKey } from '../../trust/keys/signing-keys.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { type Gateway, openGatewayClient } from '../client/push.client.ts'
import { unreadable } from '../client/readable.ts'
import type { CliContext } from '../context.ts'
import { openPullFolder } from './folder.file.ts'
import { pullFeed, pullLeased } from './pulling.ts'

type Options = CredentialOptions & {
  out: string
  data: string
  verify?: true
  jwks?: string
  again?: true
  follow?: true
  lease?: string
  ack: boolean
  json?: true
}

const UNVERIFIED = 3

/** `titian pull`: the receiving side's own tool. Ends with 3 when something fails the check; nothing of it is stored or acknowledged. */
export function pullCommand(context: CliContext): Command {
  return new Command('pull')
    .description('Pull deliveries into a folder, check and acknowledge them; goes on where it stopped')
    .requiredOption('--out <dir>', 'folder for the deliveries; it remembers how far it has come')
    .option('--verify', 'check signatures and the chain of the feed as well; ends with 3 where one does not hold')
    .option('--jwks <file>', 'public keys of the gateway (JWKS) that were fetched before; else they are asked for')
    .option('--again', 'read the feed from its beginning, as after a restore of the gateway; what is here stays')
    .option('--follow', 'go on for ever: wait for the next delivery')
    .option('--lease <seconds>', 'take deliveries on leases, beside other pullers')
    .option('--no-ack', 'acknowledge nothing')
    .option('--json', 'print one line of JSON for each delivery')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the scopes deliveries:read and deliveries:ack')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (options: Options) => {
      const seconds = secondsOf(options)
      const credentials = await findCredentials(options, options.data, { role: 'bps' })
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const pulling = {
          gateway,
          url: credentials.url,
          folder: await openPullFolder(options.out),
          keys: options.verify ? await keysOf(gateway, options.jwks) : undefined,
          again: options.again ?? false,
          follow: options.follow ?? false,
          acknowledge: options.ack,
          crash: openCrash(context.env.CRASH_AT),
          signal: context.signal,
          said: ({
            position,
            manifest: { delivery, platform, records },
          }: Parameters<Parameters<typeof pullFeed>[0]['said']>[0]) =>
            context.out(
              options.json
                ? JSON.stringify({ position, delivery, platform, records })
                : `${position}\t${delivery}\t${platform}\t${records.keluarga} keluarga\t${records.individu} individu`,
            ),
        }
        await (seconds === undefined ? pullFeed(pulling) : pullLeased(pulling, seconds))
      } catch (error) {
        if (!(error instanceof TitianError && error.code === 'delivery-unverified')) throw error
        context.err(`titian: ${error.message}`)
        context.exit(UNVERIFIED)
      } finally {
        await gateway.close()
      }
    })
}

function secondsOf({ lease, ack }: Options): number | undefined {
  if (lease === undefined) return undefined
  const seconds = Number(lease)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600)
    throw new TitianError('bad-request', '--lease is 1 to 3600 seconds')
  if (!ack) throw new TitianError('bad-request', '--lease needs acknowledgements: what is not acknowledged comes again')
  return seconds
}

/** The gateway's public keys by their ids: of a file, or as the gateway itself publishes them. */
async function keysOf(gateway: Gateway, file: string | undefined) {
  type Jwks = { keys: PublicJwk[] }
  const jwks = file === undefined ? await gateway.get<Jwks>('/.well-known/jwks.json') : await jwksIn(file)
  return new Map(jwks.keys.map(({ kid, x }) => [kid, publicKey(x)]))
}

async function jwksIn(file: string): Promise<{ keys: PublicJwk[] }> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause)
  })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TitianError('config-invalid', `${file} is no JWKS`, { cause })
  }
}
