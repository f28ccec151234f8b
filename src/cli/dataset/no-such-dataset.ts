import { versionsOf } from '../../catalogue/choose.ts'
import { TitianError } from '../../domain/error.ts'
import { type Diagnostic, sentence } from '../../language/diagnostics.ts'
import { didYouMean } from '../../language/did-you-mean.ts'

type Versions = ReadonlyMap<string, { name: string; version: string }>

/**
 * The refusal of `name` or `name@version`, with the dataset that was probably meant, or the versions that there are of one that
 * is known; of a draft with mistakes, these.
 */
export function noSuchDataset(versions: Versions, spec: string, draftFaults: readonly Diagnostic[] = []): TitianError {
  const [name = '', version] = spec.split('@')
  const own = draftFaults.filter(({ file }) =>
    file.includes(`datasets/${name}/${version === undefined ? '' : `${version}/`}`),
  )
  if (own.length > 0) return new TitianError('registry-invalid', own.map(sentence).join('\n'))
  const known = versionsOf(versions, name).map((other) => other.version)
  if (version !== undefined && known.length > 0)
    return new TitianError('dataset-unknown', `There is no ${spec}. Known: ${known.join(', ')}`)
  const names = [...versions.values()].map((dataset) => dataset.name)
  const hint = didYouMean(name, names, `Known: ${[...versions.keys()].join(', ')}`)
  return new TitianError('dataset-unknown', `There is no dataset ${name}. ${hint}`)
}
