import type { Dataset } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import type { Platform } from '../../domain/platform.ts'
import { didYouMean } from '../../language/did-you-mean.ts'

/** What intake asks of the compiled registry: the newest version of each dataset, and the platforms. */
export type IntakeRegistry = {
  datasets: ReadonlyMap<string, Dataset>
  platforms: ReadonlyMap<string, Platform>
}

/** A `dataset-unknown` that offers the name that was probably meant; what was sent stays untold. */
export function unknownDataset(name: string, known: Iterable<string>): TitianError {
  return new TitianError('dataset-unknown', didYouMean(name, known, 'GET /v1/datasets lists what there is'))
}

// Agreements are dated by the calendar of their parties; western Indonesia's is the one the state's seat uses.
const CALENDAR = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Jakarta' })

/** The day of the agreements' calendar, ISO. */
export function agreementDay(now: Date): string {
  return CALENDAR.format(now)
}

/** The platform and dataset of a push; throws unless an agreement in force covers it today. */
export function coveredDataset(
  registry: IntakeRegistry,
  platformName: string,
  datasetName: string,
  now: Date,
): { platform: Platform; dataset: Dataset } {
  const dataset = registry.datasets.get(datasetName)
  if (dataset === undefined) throw unknownDataset(datasetName, registry.datasets.keys())
  const platform = registry.platforms.get(platformName)
  const today = agreementDay(now)
  if (
    platform === undefined ||
    !platform.datasets.includes(datasetName) ||
    today < platform.agreement.validFrom ||
    today > platform.agreement.validTo
  ) {
    throw new TitianError('agreement-missing', `${platformName} may not push ${datasetName} on ${today}`)
  }
  return { platform, dataset }
}
