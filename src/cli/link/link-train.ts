import { access, constants, mkdir, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { chooseDataset } from '../../catalogue/choose.ts'
import { ANYWHERE } from '../../clean/mapping/any-platform.ts'
import { familyFinder } from '../../domain/content.ts'
import { TitianError } from '../../domain/error.ts'
import { type FamilyOfFeatures, type Features, featuresOf } from '../../link/compare/features.ts'
import { writeModel } from '../../link/score/model-file.ts'
import { readFeatures } from '../../link/train/features.db.ts'
import { NamedFamilies } from '../../link/train/named-families.ts'
import { type Dice, train } from '../../link/train/train.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import { keySettingsOf, loadKeyRing } from '../../trust/keys/keyring.file.ts'
import { openVault } from '../../trust/keys/vault.ts'
import type { CliContext } from '../context.ts'
import { fileEntries } from '../dataset/file-entries.ts'
import { localRegistry } from '../dataset/local-registry.ts'
import { findDemoFiles } from '../demo/demo-files.ts'
import { shellActor } from '../shell-actor.ts'

type Options = { out: string; samples?: string; name?: string; records: number; keys: boolean; data: string }

const MOST = 200_000
const FEWEST = 100

/** `titian link train`: estimates the model of the linkage from data, without any known answer. */
export function trainCommand(context: CliContext): Command {
  return new Command('train')
    .description('Estimate the model of the linkage from the stored records, or from files; no answers are needed')
    .requiredOption(
      '--out <file>',
      'model file to write; linkage/model.json of a TITIAN_REGISTRY folder is used at the next start',
    )
    .option('--samples <dir>', 'train on <dir>/<platform>/<dataset> files, cleaned here, in place of the stored ones')
    .option(
      '--name <version>',
      'name of the model in every decision made by it (default: the number of records and the day)',
    )
    .option('--no-keys', 'look nobody up by texts of the source: for subjects that grow far beyond these records')
    .option('--records <number>', 'at most so many records', parseCount, MOST)
    .option('--data <dir>', 'data folder of a local titian up, where database and keys are found', context.dataDir)
    .action(async (options: Options) => {
      const { samples, records, out } = options
      await makeRoomFor(out)
      const { allFeatures, ...known } =
        samples === undefined ? await fromSubjects(context, options) : await fromFiles(context, samples, records)
      if (allFeatures.length < FEWEST)
        throw new TitianError('bad-request', `${allFeatures.length} records of persons are too few to learn from`)
      const trained = train(allFeatures, dice(allFeatures.length), known)
      const model = options.keys ? trained : { ...trained, keys: [], namedKeys: [] }
      const version = options.name ?? `${allFeatures.length}-${new Date().toISOString().slice(0, 10)}`
      await writeFile(out, writeModel(version, allFeatures.length, model))
      context.out(`${out}: model ${version}, from ${allFeatures.length} records`)
      if (model.keys.length > 0) context.out(`keys of the source that name one person: ${model.keys.join(', ')}`)
      if (model.extras.length > 0) context.out(`compared besides: ${model.extras.join(', ')}`)
    })
}

/** Makes the folder of the model before anything is read, so that a wrong path does not cost a whole training. */
async function makeRoomFor(out: string): Promise<void> {
  try {
    await mkdir(dirname(out), { recursive: true })
    await access(dirname(out), constants.W_OK)
  } catch (cause) {
    throw new TitianError('bad-request', `${out} cannot be written: ${dirname(out)} is no folder to write into`, {
      cause,
    })
  }
  const isFolder = await stat(out).then(
    (there) => there.isDirectory(),
    () => false,
  )
  if (isFolder) throw new TitianError('bad-request', `${out} is a folder: name the file, ${out}/model.json`)
}

type Material = { allFeatures: Features[]; families: FamilyOfFeatures; population: number }

async function fromSubjects(context: CliContext, { data, records }: Options): Promise<Material> {
  const vault = openVault(await loadKeyRing(keySettingsOf(context.env), data))
  const db = await context.openDatabase(data)
  try {
    const material = await readFeatures(db, vault, records)
    await noteReading(db, {
      actor: shellActor(),
      action: 'linkage.trained',
      object: 'model',
      shown: { purpose: 'training', records: material.allFeatures.length },
    })
    return material
  } finally {
    await db.end()
  }
}

async function fromFiles({ env, err }: CliContext, folder: string, most: number): Promise<Material> {
  const registry = await localRegistry(env)
  const allFeatures = new Map<string, Features>()
  const named = new NamedFamilies()
  for (const { platform, dataset: name, path } of await findDemoFiles(folder)) {
    const dataset = chooseDataset(registry, name)
    if (dataset === undefined) {
      err(`${path}: there is no dataset ${name}; left out`)
      continue
    }
    for await (const raw of fileEntries(path, dataset.format)) {
      if (allFeatures.size >= most) return materialOf(allFeatures, named)
      const { records } = dataset.clean(raw, registry.platforms.get(platform) ?? ANYWHERE)
      const familyOf = familyFinder(records)
      for (const record of records) {
        const source = `${platform}|${dataset.name}`
        const features = record.level === 'individu' ? featuresOf(record, source, familyOf(record)) : undefined
        if (features !== undefined) allFeatures.set(`${source}|${record.key}`, features)
        named.note(record, platform, features)
      }
    }
  }
  return materialOf(allFeatures, named)
}

function materialOf(allFeatures: ReadonlyMap<string, Features>, named: NamedFamilies): Material {
  return { allFeatures: [...allFeatures.values()], families: named.families(), population: allFeatures.size }
}

/** Numbers that are the same in every run, so that a model changes only with its data. */
function dice(seed: number): Dice {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('a number above 0')
  return count
}
