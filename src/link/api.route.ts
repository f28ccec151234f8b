import { LINK_SHAPES } from './persons/link-shapes.ts'
import { linksRoutes } from './persons/links.route.ts'
import { personRoutes } from './persons/person.route.ts'
import { reviewRoutes } from './review/review.route.ts'
import { REVIEW_SHAPES } from './review/review-shapes.ts'

/** Persons, possible matches, and which source record is which person. */
export const LINK_API = {
  shapes: [...REVIEW_SHAPES, ...LINK_SHAPES],
  routes: [reviewRoutes, personRoutes, linksRoutes],
}
