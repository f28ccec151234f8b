import { Command, Option } from 'commander'
import type { Static } from 'typebox'
import { TitianError } from '../../domain/error.ts'
import { toCandidateCsv } from '../../programmes/candidate-csv.ts'
import type { CandidatePage } from '../../programmes/candidate-shapes.ts'
import { LIST_PARTS } from '../../programmes/lists/stored-list.ts'
import { type CredentialOptions, findCredentials } from '../client/credentials.ts'
import { type Gateway, openGatewayClient } from '../client/push.client.ts'
import type { CliContext } from '../context.ts'

type Page = Static<typeof CandidatePage>
type Options = CredentialOptions & {
  platform: string
  data: string
  region?: string
  list: string
  as: 'ndjson' | 'csv'
  lang: 'id' | 'en'
}

/** `titian programmes candidates`: the whole list of today, page after page, with the reasons of each. */
export function candidatesCommand(context: CliContext): Command {
  return new Command('candidates')
    .description('Print the candidates of a programme, each with reasons; nobody is decided on')
    .argument('<programme>', 'as titian programmes list names it')
    .requiredOption('--platform <name>', 'platform whose residents they are')
    .option('--region <code>', 'BPS code; without it the whole scope of the platform')
    .addOption(new Option('--list <part>', 'part of the list').choices([...LIST_PARTS]).default('candidates'))
    .addOption(new Option('--as <form>', 'form').choices(['ndjson', 'csv']).default('ndjson'))
    .addOption(new Option('--lang <language>', 'language of the reasons').choices(['id', 'en']).default('id'))
    .option('--data <dir>', 'data folder of a local titian up, where address and client are found', context.dataDir)
    .option('--url <url>', 'address of the gateway, with --client and --secret-file')
    .option('--client <id>', 'client id with the candidates:read scope')
    .option('--secret-file <file>', 'file that holds the client secret')
    .action(async (programme: string, options: Options) => {
      const gateway = openGatewayClient(
        await findCredentials(options, options.data, options),
        context.signal,
        context.env,
      )
      try {
        let isFirst = true
        for await (const page of candidatePages(gateway, programme, options)) {
          if (isFirst) context.err(headOf(page, options.lang))
          for (const line of linesOf(page, options, isFirst)) context.out(line)
          isFirst = false
        }
      } finally {
        await gateway.close()
      }
    })
}

/** The pages of one part of a list. A list that is still being made is asked for again until it is there. */
async function* candidatePages(
  gateway: Gateway,
  programme: string,
  { region, list, lang }: Pick<Options, 'region' | 'list' | 'lang'>,
): AsyncGenerator<Page> {
  for (let after: string | null = null; ; ) {
    const query = new URLSearchParams({
      list,
      limit: '500',
      ...(region && { region }),
      ...(after !== null && { after }),
    })
    const page: Page = await whenMade(() =>
      gateway.get<Page>(`/v1/programmes/${encodeURIComponent(programme)}/candidates?${query}`, lang),
    )
    yield page
    if (page.next === null) return
    after = page.next
  }
}

/** Asks again while the list is being made: each time it comes further. */
export async function whenMade<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof TitianError && error.code === 'list-making')) throw error
    }
  }
}

function headOf({ list }: Page, lang: 'id' | 'en'): string {
  const { counts, deciles, day, programme, version } = list
  const used = deciles.map((one) => `${one.version ?? one.source} (${one.as_of ?? '?'}): ${one.residents}`)
  return [
    list.notice[lang],
    `${programme} ${version}, ${day}: ${counts.candidates} candidates, ${counts.undecided} undecided of ${counts.residents} residents`,
    `deciles: ${used.join(', ') || 'none known'}; added ${counts.added ?? '-'}, gone ${counts.gone ?? '-'}, entries held ${counts.held_entries}`,
    `villages to look at: ${list.odd_villages.map(({ village, looks }) => `${village} (${looks})`).join(', ') || 'none'}`,
  ].join('\n')
}

function linesOf(page: Page, { as, lang }: Options, isFirst: boolean): string[] {
  if (as === 'ndjson') return page.candidates.map((row) => JSON.stringify(row))
  const [head = '', ...rows] = toCandidateCsv(page.candidates, page.list, lang)
    .split(/\r\n/)
    .filter((line) => line !== '')
  return isFirst ? [head, ...rows] : rows
}
