import { Command, InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { compareEntries } from '../../catalogue/onboarding/difference.ts'
import { Differences, type Tally } from '../../catalogue/onboarding/difference-report.ts'
import type { CompiledDataset, Registry } from '../../catalogue/registry.ts'
import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import { TitianError } from '../../domain/error.ts'
import { relayout } from '../../domain/layout.ts'
import { newestBatches, nextRawChunk, type PastBatch } from '../../engine/chunks/past.sql.ts'
import { openRaw } from '../../engine/chunks/sealed-chunk.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault, type Vault } from '../../trust/keys/vault.ts'
import type { CliContext } from '../context.ts'
import { shellActor } from '../shell-actor.ts'
import { localRegistry } from './local-registry.ts'
import { noSuchDataset } from './no-such-dataset.ts'

type Options = { batches: number; registry?: string; data: string; json?: true }
type Side = { dataset: CompiledDataset; registry: Registry }

/** `titian dataset diff`: what another version would make of batches that came already. */
export function diffCommand(context: CliContext): Command {
  return new Command('diff')
    .description(
      'Re-run past batches under another version and show what changes and why; nothing is stored, no value printed',
    )
    .argument('<name>', 'dataset')
    .argument('<before>', 'version')
    .argument('<after>', 'version to compare it with, also a draft; the same one with --registry')
    .option('--batches <number>', 'how many of the newest batches', parseCount, 10)
    .option('--registry <dir>', 'lay this folder over the registry for the version after: changed rules or lists, too')
    .option('--data <dir>', 'data folder of a local titian up, where database and keys are found', context.dataDir)
    .option('--json', 'print one line of JSON for each entry that changes, then one with the sums')
    .action(async (name: string, before: string, after: string, options: Options) => {
      const vault = openVault(await loadKeyRing(keySettingsOf(context.env), options.data))
      const derive = (identity: string) => vault.lastingText('key', identity)
      const { env } = context
      const old = await localRegistry(env, { derive })
      const { registry: over } = options
      const changed = over === undefined ? old : await localRegistry(env, { derive, over })
      const sides = [sideOf(old, name, before), sideOf(changed, name, after)] as const
      const db = await context.openDatabase(options.data)
      try {
        const batches = await newestBatches(db, name, options.batches)
        const differences = new Differences()
        for (const batch of batches)
          await compareBatch(db, vault, batch, sides, differences, options.json && context.out)
        await noteReading(db, {
          actor: shellActor(),
          action: 'dataset.compared',
          object: name,
          shown: { purpose: 'comparison', before, after, records: differences.entries },
        })
        const sums = { batches: batches.length, ...sumsOf(differences) }
        if (options.json) context.out(JSON.stringify(sums))
        else for (const line of report(name, before, after, sums)) context.out(line)
      } finally {
        await db.end()
      }
    })
}

function sideOf(registry: Registry, name: string, version: string): Side {
  const dataset = registry.versions.get(`${name}@${version}`)
  if (dataset !== undefined) return { dataset, registry }
  throw noSuchDataset(registry.versions, `${name}@${version}`)
}

async function compareBatch(
  db: pg.Pool,
  vault: Vault,
  { id, platform }: PastBatch,
  [before, after]: readonly [Side, Side],
  differences: Differences,
  print: ((line: string) => void) | undefined,
): Promise<void> {
  for (let chunk = await nextRawChunk(db, id, 0); chunk; chunk = await nextRawChunk(db, id, chunk.line)) {
    const cut = before.registry.versions.get(`${before.dataset.name}@${chunk.version}`)?.format ?? before.dataset.format
    const [old, now] = [relayout(cut, before.dataset.format), relayout(cut, after.dataset.format)]
    if (old === undefined || now === undefined)
      throw new TitianError('bad-request', `${id} was cut for another kind of file than these versions read`)
    for (const entry of openRaw(vault, { id: chunk.id, platform }, chunk.raw)) {
      const change = compareEntries(
        before.dataset.clean(old(entry), before.registry.platforms.get(platform) ?? ANYWHERE),
        after.dataset.clean(now(entry), after.registry.platforms.get(platform) ?? ANYWHERE),
      )
      differences.add(id, change)
      if (change !== undefined) print?.(JSON.stringify({ batch: id, ...change }))
    }
  }
}

function sumsOf({ entries, changed, verdicts, fields, findings }: Differences) {
  return { entries, changed, verdicts, fields, findings }
}

function report(name: string, before: string, after: string, sums: ReturnType<typeof sumsOf> & { batches: number }) {
  const section = (title: string, tallies: Tally[]) => [
    '',
    title,
    ...(tallies.length === 0 ? ['  none'] : tallies.map(lineOf)),
  ]
  return [
    `${name} ${before} -> ${after}: ${sums.changed} of ${sums.entries} entries of ${sums.batches} batches change`,
    ...section('Verdicts', sums.verdicts),
    ...section('Fields', sums.fields),
    ...section('Findings', sums.findings),
  ]
}

function lineOf({ what, count, lines }: Tally): string {
  return `  ${String(count).padStart(7)}  ${what}   (${lines.join(' ')}${count > lines.length ? ' …' : ''})`
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a number from 1')
  return count
}
