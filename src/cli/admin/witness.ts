import { createPublicKey, type KeyObject } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import type { Witnessed } from '../../trust/audit/verify.db.ts'
import { formatWitnessFile, openWitnessFile } from '../../trust/audit/witness-file.ts'
import { type Growth, growthOf } from '../../trust/audit/witness-growth.ts'
import { readJwks } from '../../trust/keys/jwks.file.ts'
import { publicKey } from '../../trust/keys/signing-keys.ts'
import { cosign, formatWitness } from '../../trust/tree/cosignature.ts'
import { HASH_BYTES } from '../../trust/tree/merkle.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { type Gateway, openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { makeWitnessKey, readWitnessKey } from './witness-key.file.ts'

type TakeOptions = CredentialOptions & { file: string; key?: string; keys?: string; data: string; json?: true }

const FAULTS: Record<Exclude<Growth['is'], 'grown'>, string> = {
  shorter: 'the log is shorter than the one that was witnessed: rows were cut off',
  'other-past': 'the log has another past than the one that was witnessed: rows under it were rewritten',
  'other-leaves': 'the leaves that the gateway gives are not those that it signed',
}

/** `titian audit witness`: what a partner keeps of the audit log, outside of the installation. */
export function witnessCommand(context: CliContext): Command {
  const command = new Command('witness').description('Keep proof of the audit log outside of the installation')
  command
    .command('key')
    .description(
      'Make the key that a witness cosigns by, and print the line that the operators put into WITNESS_KEYS_FILE',
    )
    .requiredOption('--name <name>', 'name of the witness, such as bps.go.id/saksi')
    .requiredOption('--key <file>', 'file to make, readable by its owner only')
    .action(async ({ name, key }: { name: string; key: string }) => {
      const witness = await makeWitnessKey(key, name)
      context.out(formatWitness({ name, key: createPublicKey(witness.key) }))
    })
  command
    .command('take')
    .description(
      'Take the newest checkpoint and all leaves under it into a file, if the log only grew; exit 1 otherwise',
    )
    .requiredOption('--file <file>', 'the witness file; the one that is there is what the log is held against')
    .option('--key <file>', 'cosign the checkpoint by this key, and hand the cosignature in')
    .option('--keys <file>', 'the public keys of the gateway (JWKS); else those that it gives itself')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id')
    .option('--secret-file <file>', 'file that holds the client secret')
    .option('--json', 'print JSON')
    .action((options: TakeOptions) => take(context, options))
  return command
}

async function take(context: CliContext, options: TakeOptions): Promise<void> {
  const { file } = options
  const credentials = await findCredentials(options, options.data, { role: 'steward' })
  const gateway = openGatewayClient(credentials, context.signal, context.env)
  try {
    const keys = options.keys === undefined ? await keysOf(gateway) : deliveryKeys(readJwks(options.keys))
    const kept = await keptIn(file, keys)
    const note = noteOf((await gateway.read('/v1/audit/checkpoint')).bytes.toString())
    const newest = openWitnessFile(note, keys)
    if (newest === undefined)
      throw new TitianError('bad-request', 'the checkpoint of the gateway is signed by none of its keys')
    const growth = growthOf(kept, newest, await leavesAfter(gateway, kept?.leaves?.length ?? 0, newest.size))
    if (growth.is !== 'grown') {
      // A signed note that contradicts a signed note: whoever holds both can show it to anybody.
      await writeFile(`${file}.conflict`, note)
      context.out(
        options.json
          ? JSON.stringify({ rows: newest.size, fault: growth.is })
          : `${FAULTS[growth.is]}; the checkpoint that says so is in ${file}.conflict`,
      )
      context.exit(1)
      return
    }
    const signed = options.key === undefined ? note : await cosigned(gateway, note, newest.size, options.key)
    await writeFile(`${file}.new`, formatWitnessFile(signed, growth.leaves))
    await rename(`${file}.new`, file)
    const rows = newest.size - (kept?.size ?? 0)
    context.out(
      options.json
        ? JSON.stringify({ rows: newest.size, new: rows, cosigned: options.key !== undefined })
        : `${newest.size} rows are witnessed in ${file}, ${rows} of them new`,
    )
  } finally {
    await gateway.close()
  }
}

/** What the file holds; undefined where there is none. Throws `bad-request` where it is another thing. */
async function keptIn(file: string, keys: readonly KeyObject[]): Promise<Witnessed | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const kept = openWitnessFile(text, keys)
  if (kept === undefined) throw new TitianError('bad-request', `${file} is no checkpoint that one of the keys signed`)
  return kept
}

/** The keys for deliveries sign checkpoints: a key of tokens never does. */
async function keysOf(gateway: Gateway): Promise<KeyObject[]> {
  const { bytes } = await gateway.read('/.well-known/jwks.json')
  const { keys } = JSON.parse(bytes.toString()) as { keys: { kid: string; x: string }[] }
  return deliveryKeys(new Map(keys.map(({ kid, x }) => [kid, publicKey(x)])))
}

function deliveryKeys(keys: ReadonlyMap<string, KeyObject>): KeyObject[] {
  return [...keys].flatMap(([kid, key]) => (kid.startsWith('dlv-') ? [key] : []))
}

/** The note by itself, without the cosignatures of others. */
function noteOf(answer: string): string {
  const cut = answer.indexOf('\n\n')
  const [own = ''] = answer.slice(cut + 2).split('\n')
  return `${answer.slice(0, cut)}\n\n${own}\n`
}

async function leavesAfter(gateway: Gateway, place: number, size: number): Promise<Buffer[]> {
  const leaves: Buffer[] = []
  while (place + leaves.length < size) {
    const { bytes } = await gateway.read(`/v1/audit/leaves?after=${place + leaves.length}`)
    const page = bytes.toString().split('\n').filter(Boolean)
    if (page.length === 0) break
    for (const line of page) {
      const leaf = Buffer.from(line, 'base64')
      if (leaf.length !== HASH_BYTES) throw new TitianError('bad-request', 'the gateway gave a leaf that is no hash')
      leaves.push(leaf)
    }
  }
  return leaves
}

async function cosigned(gateway: Gateway, note: string, size: number, keyFile: string): Promise<string> {
  const text = note.slice(0, note.indexOf('\n\n') + 1)
  const line = cosign(text, await readWitnessKey(keyFile), Math.floor(Date.now() / 1000))
  await gateway.say(`/v1/audit/checkpoints/${size}/cosignatures`, line)
  return `${note}${line}\n`
}
