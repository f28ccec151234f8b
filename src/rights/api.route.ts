import { erasureRoutes } from './erasure.route.ts'
import { ERASURE_SHAPES } from './erasure-shapes.ts'
import { restrictionRoutes } from './restrict/restriction.route.ts'
import { RESTRICTION_SHAPES } from './restrict/restriction-shapes.ts'

/** The rights of a person over what is held of them. */
export const RIGHTS_API = {
  shapes: [...ERASURE_SHAPES, ...RESTRICTION_SHAPES],
  routes: [erasureRoutes, restrictionRoutes],
}
