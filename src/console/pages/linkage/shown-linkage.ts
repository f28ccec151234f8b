import type { Canonical } from '../../../language/canonical.ts'
import type { ModelFile } from '../../../link/score/model-file.ts'
import type { LabelReport } from '../../../link/train/labels/label.ts'
import type { SampleFigures } from '../../../link/train/sample-figures.ts'
import type { PersonSize, ReviewedBits } from '../../../reports/linkage/linkage.ts'
import type { CurvePoint } from '../../../reports/linkage/threshold-curve.ts'
import type { View } from '../../../web/page.ts'

/** What the page shows, and its export with it. */
export type ShownLinkage = {
  /** The model as it was trained, and as it judges a registry of this size, in records. */
  trained: ModelFile
  scoringModel: ModelFile
  size: number
  reviewed: readonly ReviewedBits[]
  curve: readonly CurvePoint[]
  sample: SampleFigures
  sizes: readonly PersonSize[]
  canonical: Canonical
  labels: LabelReport | undefined
}

/** A share in per cent; what is small keeps its digits. */
export function share({ language }: Pick<View, 'language'>, value: number): string {
  const format = { style: 'percent', maximumSignificantDigits: 3 } as const
  return new Intl.NumberFormat(language === 'id' ? 'id-ID' : 'en-GB', format).format(value)
}
