import type { Pool } from 'pg'
import type { AgreedCoverage } from '../../trust/agreements/coverage.ts'
import { noteReading } from '../../trust/audit/reading.db.ts'
import type { Vault } from '../../trust/keys/vault.ts'
import { featuresOf } from '../compare/features.ts'
import type { ScoringModel } from '../score/evidence.ts'
import { showReviews } from './desk.db.ts'
import type { Review } from './review.ts'
import { pageReviews } from './review-page.db.ts'
import type { ShownRecord, ShownReview } from './shown-review.ts'
import type { ListedReview, WorkFilter } from './work-filter.ts'

type ListDeps = { db: Pool; vault: Pick<Vault, 'open'>; scoringModel: ScoringModel; coverage: AgreedCoverage }

// Records are sealed, so a filter opens what it looks at: so many at once, and so many for one page.
const READ = 100
const MOST_READ = 1000

/**
 * Possible matches that fit, for a steward; that their records were compared is written down before. Gives them, and the id to go on after; null at the end. A page looks at a bounded part of the list, so it may be
 * short, or empty, and have a next one all the same.
 */
export async function listReviews(
  deps: ListDeps,
  state: Review['state'],
  filter: WorkFilter,
  { after, limit, by }: { after: string | undefined; limit: number; by: string },
): Promise<{ reviews: ListedReview[]; next: string | null }> {
  const list = await searchReviews(deps, state, filter, { after, limit })
  if (list.reviews.length > 0) {
    const shown = { purpose: 'stewardship', values: false, reviews: list.reviews.length }
    await noteReading(deps.db, { actor: by, action: 'reviews.read', object: state, shown })
  }
  return list
}

async function searchReviews(
  deps: ListDeps,
  state: Review['state'],
  filter: WorkFilter,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<{ reviews: ListedReview[]; next: string | null }> {
  const found: ListedReview[] = []
  let last = after
  for (let read = 0; read < MOST_READ; read += READ) {
    const page = await pageReviews(deps.db, { state, after: last, limit: READ, by: filter.by })
    for (const shown of await showReviews(deps, page.reviews)) {
      if (found.length === limit) return { reviews: found, next: last ?? null }
      if (isWanted(shown, filter)) found.push(listed(shown))
      last = shown.review.id
    }
    if (page.next === null) return { reviews: found, next: null }
  }
  return { reviews: found, next: last ?? null }
}

function isWanted({ review, records, override }: ShownReview, filter: WorkFilter): boolean {
  const { platform, region, rule, askedBefore } = filter
  if (platform !== undefined && !records.some((record) => record?.platform === platform)) return false
  if (rule !== undefined && (override ?? 'none') !== rule) return false
  if (askedBefore !== undefined && review.openedAt > askedBefore) return false
  return region === undefined || records.some((record) => record !== null && placeOf(record)?.startsWith(region))
}

function placeOf({ record, platform, dataset }: ShownRecord): string | undefined {
  return featuresOf(record, `${platform}|${dataset}`).village ?? record.region
}

function listed({ review, records, fields, override }: ShownReview): ListedReview {
  return {
    review,
    fields,
    override,
    platforms: records.flatMap((record) => (record === null ? [] : [record.platform])),
  }
}
