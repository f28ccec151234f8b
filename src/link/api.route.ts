import { LINK_SHAPES } from './persons/link-shapes.ts'
import { linksRoutes } from './persons/links.route.ts'
import { personRoutes } from './persons/person.route.ts'
import { reviewRoutes } from './review/review.route.ts'
import { REVIEW_SHAPES } from './review/review-shapes.ts'
import { heldSnapshotRoutes } from './withdraw/snapshot.route.ts'
import { withdrawRoutes } from './withdraw/withdraw.route.ts'
import { WITHDRAW_SHAPES } from './withdraw/withdraw-shapes.ts'

/** Persons, possible matches, which source record is which person, and what platforms take back. */
export const LINK_API = {
  shapes: [...REVIEW_SHAPES, ...LINK_SHAPES, ...WITHDRAW_SHAPES],
  routes: [reviewRoutes, personRoutes, linksRoutes, withdrawRoutes, heldSnapshotRoutes],
}
