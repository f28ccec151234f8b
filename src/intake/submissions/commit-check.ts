import type { SubmissionFile } from '../../engine/submissions/submission.ts'

/** Where the files that a commit names differ from those that are here: the place in the list, or none for one too many here. */
export function filesOff(
  files: readonly Pick<SubmissionFile, 'file' | 'parts'>[],
  named: readonly string[],
): { at: number | undefined; code: 'file-missing' | 'file-unnamed' }[] {
  const whole = new Set(files.filter(({ parts }) => parts > 0).map(({ file }) => file))
  const missing = named.flatMap((name, at) => (whole.has(name) ? [] : [{ at, code: 'file-missing' as const }]))
  const isUnnamed = files.some(({ file }) => !named.includes(file))
  return isUnnamed ? [...missing, { at: undefined, code: 'file-unnamed' as const }] : missing
}

/**
 * Why files cannot take the place of an earlier submission's, in a sentence; undefined when they can. Of each dataset there is one
 * file, since what another one held would seem absent, and no dataset of the earlier submission is left out.
 */
export function faultOfReplacement(
  files: readonly Pick<SubmissionFile, 'dataset'>[],
  earlier: readonly { dataset: string }[],
): string | undefined {
  const datasets = files.map(({ dataset }) => dataset)
  const double = datasets.find((dataset, at) => datasets.indexOf(dataset) !== at)
  if (double !== undefined)
    return `what replaces an earlier submission has one file of each dataset; ${double} has several`
  const left = earlier.find(({ dataset }) => !datasets.includes(dataset))
  return left && `the submission to be replaced has records of ${left.dataset}, and this one has no file of it`
}
