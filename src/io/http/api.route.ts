import { healthRoutes } from './health/health.route.ts'
import { problemRoutes } from './problem.route.ts'
import { Problem } from './problem.ts'

/** Whether the process is alive and ready, and what each problem means. */
export const HTTP_API = { shapes: [Problem], routes: [healthRoutes, problemRoutes] }
