import { accessRoutes } from './access/access.route.ts'
import { ACCESS_SHAPES } from './access/access-shapes.ts'
import { breachRoutes } from './breach/breach.route.ts'
import { BREACH_SHAPES } from './breach/breach-shapes.ts'
import { correctionRoutes } from './correct/correction.route.ts'
import { CORRECTION_SHAPES } from './correct/correction-shapes.ts'
import { ownCorrectionRoutes } from './correct/own-corrections.route.ts'
import { erasureRoutes } from './erasure.route.ts'
import { ERASURE_SHAPES } from './erasure-shapes.ts'
import { REQUEST_SHAPES } from './requests/request-shapes.ts'
import { requestRoutes } from './requests/requests.route.ts'
import { restrictionRoutes } from './restrict/restriction.route.ts'
import { RESTRICTION_SHAPES } from './restrict/restriction-shapes.ts'

/** The rights of a person over what is held of them. */
export const RIGHTS_API = {
  shapes: [
    ...ERASURE_SHAPES,
    ...RESTRICTION_SHAPES,
    ...REQUEST_SHAPES,
    ...ACCESS_SHAPES,
    ...CORRECTION_SHAPES,
    ...BREACH_SHAPES,
  ],
  routes: [
    erasureRoutes,
    restrictionRoutes,
    accessRoutes,
    requestRoutes,
    correctionRoutes,
    ownCorrectionRoutes,
    breachRoutes,
  ],
}
