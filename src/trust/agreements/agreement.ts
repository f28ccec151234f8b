import type { Dataset } from '../../domain/dataset.ts'
import { TitianError } from '../../domain/error.ts'
import type { Agreement, Platform } from '../../domain/platform.ts'
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

/** The name by which a batch is bound to an agreement: its number, and the version where it is not the first. */
export function agreementName({ number, version }: Pick<Agreement, 'number' | 'version'>): string {
  return version === undefined ? number : `${number} v${version}`
}

/** All agreements of a platform, the oldest first. */
export function agreementsOf({ earlier = [], agreement }: Pick<Platform, 'agreement' | 'earlier'>): Agreement[] {
  return [...earlier, agreement]
}

/** The agreement of a platform that is in force on a day, ISO; undefined where none is. */
export function agreementOn(platform: Pick<Platform, 'agreement' | 'earlier'>, day: string): Agreement | undefined {
  return agreementsOf(platform).find(({ validFrom, validTo }) => validFrom <= day && day <= validTo)
}

/** The agreement that binds a platform on a day: the one in force, else the last that was, else the first that will be. */
export function bindingAgreement(platform: Pick<Platform, 'agreement' | 'earlier'>, day: string): Agreement {
  const ended = agreementsOf(platform).filter(({ validTo }) => validTo < day)
  return agreementOn(platform, day) ?? ended.at(-1) ?? agreementsOf(platform)[0] ?? platform.agreement
}

/** The agreement in force; throws `agreement-not-in-force`, which names the agreement and its last day, where there is none. */
export function requireAgreement(platform: Platform, now: Date): Agreement {
  const today = agreementDay(now)
  const found = agreementOn(platform, today)
  if (found !== undefined) return found
  const last = bindingAgreement(platform, today)
  const when = last.validFrom > today ? `begins on ${last.validFrom}` : `ended on ${last.validTo}`
  throw new TitianError('agreement-not-in-force', `agreement ${agreementName(last)} of ${platform.name} ${when}`)
}

/** Throws `agreement-not-in-force` for a platform that has none today; Titian's own work and that of BPS needs none. */
export function requireFlow(platforms: ReadonlyMap<string, Platform>, name: string, now: Date): void {
  const platform = platforms.get(name)
  if (platform !== undefined) requireAgreement(platform, now)
}

/** The platforms of which no agreement is in force: nothing of theirs flows, and nothing of it is lost. */
export function platformsWithout(platforms: Iterable<Platform>, now: Date): string[] {
  const today = agreementDay(now)
  return [...platforms].flatMap((one) => (agreementOn(one, today) === undefined ? [one.name] : []))
}

/**
 * The platform and dataset of a push, the platform with the agreement that is in force as its own. Throws `agreement-missing` where
 * none names the dataset, `agreement-not-in-force` where it is not in force today.
 */
export function coveredDataset(
  registry: IntakeRegistry,
  platformName: string,
  datasetName: string,
  now: Date,
): { platform: Platform; dataset: Dataset } {
  const dataset = registry.datasets.get(datasetName)
  if (dataset === undefined) throw unknownDataset(datasetName, registry.datasets.keys())
  const platform = registry.platforms.get(platformName)
  if (platform === undefined || !platform.datasets.includes(datasetName))
    throw new TitianError('agreement-missing', `${platformName} has no agreement about ${datasetName}`)
  return { platform: { ...platform, agreement: requireAgreement(platform, now) }, dataset }
}
