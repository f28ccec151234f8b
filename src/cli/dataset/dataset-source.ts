import { Command } from 'commander'
import { chooseDataset } from '../../catalogue/choose.ts'
import { TitianError } from '../../domain/error.ts'
import type { CliContext } from '../context.ts'
import { localRegistry } from './local-registry.ts'
import { noSuchDataset } from './no-such-dataset.ts'

/** `titian dataset source`: the JavaScript that a mapping and its rules were compiled to. */
export function sourceCommand(context: CliContext): Command {
  return new Command('source')
    .description('Print the functions that are generated for a dataset, under the names that stack traces show')
    .argument('<name>', 'dataset; name@version for another version than new batches get')
    .option('--part <name>', 'only the parts whose names begin so, such as rules or records/0')
    .action(async (name: string, { part = '' }: { part?: string }) => {
      const registry = await localRegistry(context.env)
      const dataset = chooseDataset(registry, name)
      if (dataset === undefined) throw noSuchDataset(registry.versions, name, registry.draftFaults)
      const all = [...dataset.generated.parts]
      const wanted = all.filter(([known]) => known.startsWith(part))
      if (wanted.length === 0) {
        const known = all.map(([one]) => one).join(', ')
        throw new TitianError('not-found', `${dataset.name} has no part ${part}. Known: ${known}`)
      }
      context.out(`// ${dataset.name} ${dataset.version}: ${wanted.length} of ${all.length} parts`)
      for (const [known, body] of wanted)
        for (const line of ['', `// == ${known}`, ...indented(body)]) context.out(line)
    })
}

/** Two blanks for each brace that is open; the generator itself does not care how its lines look. */
function indented(body: string): string[] {
  let depth = 0
  return body.split('\n').map((line) => {
    const text = line.trim()
    const closing = /^[}\])]+/.exec(text)?.[0].length ?? 0
    const shown = `${'  '.repeat(Math.max(0, depth - closing))}${text}`
    depth = Math.max(0, depth + braces(text))
    return shown
  })
}

/** How many more braces, brackets and parentheses a line opens than it closes, texts in quotes apart. */
function braces(line: string): number {
  let open = 0
  for (const [sign] of line.replace(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[{}[\]()]/g))
    open += '{[('.includes(sign) ? 1 : -1
  return open
}
