import { erasureRoutes } from './erasure.route.ts'
import { ERASURE_SHAPES } from './erasure-shapes.ts'

/** The rights of a person over what is held of them. */
export const RIGHTS_API = { shapes: ERASURE_SHAPES, routes: [erasureRoutes] }
