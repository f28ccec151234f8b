import { createHash } from 'node:crypto'
import { Command } from 'commander'
import { TitianError } from '../../domain/error.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'
import { openPullFolder, writeWhole } from './folder.file.ts'

type Options = CredentialOptions & { asOf: string; out: string; region?: string; data: string; json?: true }

/** `titian export`: a first load of all golden records, after which `titian pull` goes on in the same folder. */
export function exportCommand(context: CliContext): Command {
  return new Command('export')
    .description('Write all golden records as they stood at the end of a day; titian pull goes on from there')
    .requiredOption('--as-of <date>', 'day, as 2026-11-01, by the clocks of Jakarta; today is how things stand now')
    .requiredOption('--out <dir>', 'folder for the file; a folder of pulled deliveries stays where it is in the feed')
    .option('--region <code>', 'only a province, regency, district or village (BPS code)')
    .option('--json', 'print JSON')
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the scope deliveries:read')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async ({ asOf, out, region, ...options }: Options) => {
      if (!/^\d{4}-\d\d-\d\d$/.test(asOf)) throw new TitianError('bad-request', '--as-of is a day, as 2026-11-01')
      const credentials = await findCredentials(options, options.data, { role: 'bps' })
      const gateway = openGatewayClient(credentials, context.signal, context.env)
      try {
        const folder = await openPullFolder(out)
        const query = region === undefined ? '' : `?region=${encodeURIComponent(region)}`
        const { headers, body } = await gateway.stream(`/v1/snapshots/${asOf}${query}`)
        const sums = { records: 0, hash: createHash('sha256') }
        const name = `titian-${asOf}${region === undefined ? '' : `-${region}`}`
        await writeWhole(out, `${name}.ndjson`, summed(body, sums))
        const next = String(headers['titian-next'] ?? '0')
        const about = {
          as_of: asOf,
          region: region ?? null,
          records: sums.records,
          sha256: sums.hash.digest('hex'),
          next,
        }
        await writeWhole(out, `${name}.json`, Buffer.from(`${JSON.stringify(about, null, 2)}\n`))
        // A region alone is no beginning for the whole feed.
        if (region === undefined && (await folder.place()) === undefined) await folder.note({ after: next })
        context.out(
          options.json
            ? JSON.stringify(about)
            : `${name}.ndjson: ${about.records} records; the feed goes on after ${next}`,
        )
      } finally {
        await gateway.close()
      }
    })
}

async function* summed(
  body: AsyncIterable<Buffer>,
  sums: { records: number; hash: ReturnType<typeof createHash> },
): AsyncGenerator<Buffer> {
  for await (const piece of body) {
    sums.hash.update(piece)
    for (const byte of piece) if (byte === 10) sums.records += 1
    yield piece
  }
}
