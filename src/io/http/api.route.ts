import { healthRoutes } from './health.route.ts'
import { problemRoutes } from './problem.route.ts'
import { Problem } from './problem.ts'

export const HTTP_API = { shapes: [Problem], routes: [healthRoutes, problemRoutes] }
