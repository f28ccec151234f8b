import { accessRoutes } from './access/access.route.ts'
import { ACCESS_SHAPES } from './access/access-shapes.ts'
import { erasureRoutes } from './erasure.route.ts'
import { ERASURE_SHAPES } from './erasure-shapes.ts'
import { REQUEST_SHAPES } from './requests/request-shapes.ts'
import { requestRoutes } from './requests/requests.route.ts'
import { restrictionRoutes } from './restrict/restriction.route.ts'
import { RESTRICTION_SHAPES } from './restrict/restriction-shapes.ts'

/** The rights of a person over what is held of them. */
export const RIGHTS_API = {
  shapes: [...ERASURE_SHAPES, ...RESTRICTION_SHAPES, ...REQUEST_SHAPES, ...ACCESS_SHAPES],
  routes: [erasureRoutes, restrictionRoutes, accessRoutes, requestRoutes],
}
