import type { KeyObject } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { Command } from 'commander'
import type { RawEntry } from '../../domain/entry.ts'
import { TitianError } from '../../domain/error.ts'
import {
  type OpenReceipt,
  openReceipt,
  type Proven,
  type ReceiptFault,
  verifyReceipt,
} from '../../engine/receipt/verify.ts'
import { receiverJwksFile } from '../../receiver/signing-key.file.ts'
import { readJwks } from '../../trust/keys/jwks.file.ts'
import { keyRingFile, readKeyRing } from '../../trust/keys/keyring.file.ts'
import { publicKey, verifiersOf } from '../../trust/keys/signing-keys.ts'
import type { CliContext } from '../context.ts'
import { fileEntries } from '../dataset/file-entries.ts'
import { type BpsWord, type BpsWordFault, fetchWord, verifyWord, WORD_FAULTS } from './bps-word.ts'
import { type CredentialOptions, findCredentials } from './credentials.ts'
import { openGatewayClient } from './push.client.ts'
import { unreadable } from './readable.ts'

const FAULTS: Record<ReceiptFault, string> = {
  'form-unknown': 'the file is no receipt of a batch (C2SP tlog-proof)',
  'signature-wrong': 'none of the keys signed it, or its checkpoint was altered',
  'batch-other': 'it is of another batch',
  'size-other': 'the tree and the data have not the same number of entries: one of them was cut',
  'record-missing': 'the data have no record on the line that it speaks of',
  'root-other': 'a record or an outcome is not what was signed',
}

/** `titian receipt`: fetches the receipt of a batch, and proves by it what came and what became of it. */
export function receiptCommand(context: CliContext): Command {
  const command = new Command('receipt').description('Receipts of settled batches')
  command
    .command('get')
    .description('Fetch the receipt of a settled batch, or of one record of it')
    .argument('<batch>', 'id of the batch')
    .requiredOption('--platform <name>', 'platform that pushed it')
    .requiredOption('--out <file>', 'file to write, by custom with .tlog-proof at its end')
    .option('--line <number>', 'the line of one record; without it the whole batch')
    .option('--bps <file>', 'write what BPS signed to the deliveries of the batch, too (NDJSON)')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id of the platform')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (batch: string, options: GetOptions) => {
      const credentials = await findCredentials(options, options.data, options)
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const query = options.line === undefined ? '' : `?line=${encodeURIComponent(options.line)}`
        let text = ''
        for await (const line of gateway.lines(`/v1/batches/${encodeURIComponent(batch)}/receipt${query}`))
          text += `${line}\n`
        await writeFile(options.out, text)
        context.out(options.out)
        if (options.bps === undefined) return
        await writeFile(options.bps, await fetchWord(gateway, batch), { mode: 0o600 })
        context.out(options.bps)
      } finally {
        await gateway.close()
      }
    })
  command
    .command('verify')
    .description(
      'Prove a receipt against the file that was pushed, without a gateway; ends with 1 when it does not hold',
    )
    .argument('<file>', 'the receipt')
    .requiredOption(
      '--data <file>',
      'the file that was pushed, also as .gz or .zst; for one record that record alone will do',
    )
    .option(
      '--keys <file>',
      'the public keys of the gateway, as /.well-known/jwks.json gives them; else those of a local titian up',
    )
    .option('--batch <id>', 'the batch that it has to be of')
    .option(
      '--bps <file>',
      'what BPS signed to its deliveries, as receipt get --bps writes it: it has to cover the batch',
    )
    .option('--bps-keys <file>', 'the public keys of BPS (JWKS); else those of the stand-in of a local titian up')
    .option('--json', 'print JSON')
    .action(async (file: string, options: VerifyOptions) => {
      const keys = await readKeys(options.keys, context.dataDir)
      const receipt = openReceipt(await textOf(file), keys)
      const found = await judge(receipt, options)
      if (typeof found === 'string') {
        if (options.json) context.out(JSON.stringify({ holds: false, why: found }))
        else context.err(`titian: the receipt does not hold: ${FAULTS[found]}`)
        return context.exit(1)
      }
      const word =
        options.bps === undefined ? undefined : await wordOf(found, { ...options, bps: options.bps }, context)
      if (word !== undefined && 'fault' in word) {
        if (options.json) context.out(JSON.stringify({ holds: false, why: `bps-${word.fault}`, ...word }))
        else context.err(`titian: the word of BPS does not hold: ${word.delivery ?? ''} ${WORD_FAULTS[word.fault]}`)
        return context.exit(1)
      }
      if (options.json) return context.out(JSON.stringify({ holds: true, ...found, ...(word && { bps: word }) }))
      const outcomes = Object.entries(found.outcomes).map(([outcome, count]) => `${outcome} ${count}`)
      context.out(
        `${found.batch}: the receipt holds for ${found.entries} of ${found.size} entries: ${outcomes.join(', ')}`,
      )
      if (word !== undefined)
        context.out(
          `BPS signed for ${word.deliveries} deliveries with ${word.entries} entries: ${word.records} records taken, ${word.refused} refused`,
        )
      if (found.unread > 0)
        context.err(`${found.unread} of them could not be read when they came: of these only the outcome is proven`)
    })
  return command
}

type GetOptions = CredentialOptions & { data: string; platform: string; out: string; line?: string; bps?: string }
type VerifyOptions = { data: string; keys?: string; batch?: string; bps?: string; bpsKeys?: string; json?: true }
type Found = Proven & { batch: string; size: number }

async function judge(receipt: OpenReceipt | ReceiptFault, { data, batch }: VerifyOptions) {
  if (typeof receipt === 'string') return receipt
  if (batch !== undefined && batch !== receipt.batch) return 'batch-other'
  const proven = await verifyReceipt(receipt, entriesOf(data, receipt))
  return typeof proven === 'string' ? proven : { batch: receipt.batch, size: receipt.size, ...proven }
}

/** BPS's word on the batch; it has to cover every new and changed entry of a receipt of the whole. */
async function wordOf(
  { batch, entries, size, outcomes }: Found,
  { bps, bpsKeys }: { bps: string; bpsKeys?: string },
  { dataDir }: CliContext,
): Promise<BpsWord | BpsWordFault> {
  const word = await verifyWord(await textOf(bps), batch, readJwks(bpsKeys ?? receiverJwksFile(dataDir)))
  const delivered = (outcomes.new ?? 0) + (outcomes.updated ?? 0)
  if ('fault' in word || entries < size || word.entries >= delivered) return word
  return { fault: 'entries-missing' }
}

function entriesOf(file: string, { extra }: OpenReceipt): AsyncIterable<RawEntry> {
  return fileEntries(file, extra.format ?? { kind: 'ndjson' })
}

async function readKeys(file: string | undefined, dataDir: string): Promise<KeyObject[]> {
  if (file === undefined) {
    const ring = await readKeyRing(keyRingFile(dataDir)).catch((cause) => {
      throw new TitianError('key-ring-invalid', '--keys is missing: the public keys of the gateway', { cause })
    })
    return [...verifiersOf(ring.deliveries).values()]
  }
  try {
    const { keys } = JSON.parse(await textOf(file)) as { keys: { x: string; crv: string }[] }
    return keys.filter(({ crv }) => crv === 'Ed25519').map(({ x }) => publicKey(x))
  } catch (cause) {
    if (cause instanceof TitianError) throw cause
    throw new TitianError('bad-request', `${file} holds no keys as /.well-known/jwks.json gives them`, { cause })
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw unreadable(file, cause)
  }
}
