import { CANDIDATE_SHAPES } from './candidate-shapes.ts'
import { candidatesRoutes } from './candidates.route.ts'
import { programmesRoutes } from './programmes.route.ts'
import { PROGRAMME_SHAPES } from './shapes.ts'
import { whatIfRoutes } from './what-if.route.ts'

/** Aid programmes: what they demand, candidates for them, and what a changed rule would do. */
export const PROGRAMMES_API = {
  shapes: [...PROGRAMME_SHAPES, ...CANDIDATE_SHAPES],
  routes: [programmesRoutes, candidatesRoutes, whatIfRoutes],
}
