import { versionsOf } from '../../catalogue/choose.ts'
import { TitianError } from '../../domain/error.ts'
import { didYouMean } from '../../language/did-you-mean.ts'

type Versions = ReadonlyMap<string, { name: string; version: string }>

/**
 * The refusal of `name` or `name@version`, with the dataset that was probably meant, or the versions that there are of one that
 * is known.
 */
export function noSuchDataset(versions: Versions, spec: string): TitianError {
  const [name = '', version] = spec.split('@')
  const known = versionsOf(versions, name).map((other) => other.version)
  if (version !== undefined && known.length > 0)
    return new TitianError('dataset-unknown', `There is no ${spec}. Known: ${known.join(', ')}`)
  const names = [...versions.values()].map((dataset) => dataset.name)
  const hint = didYouMean(name, names, `Known: ${[...versions.keys()].join(', ')}`)
  return new TitianError('dataset-unknown', `There is no dataset ${name}. ${hint}`)
}
