import { consoleRoutes } from './console.route.ts'
import { metricsRoutes } from './metrics.route.ts'
import { queueBoard } from './pages/queues/queue-board.route.ts'

/** Pages for people, metrics, and the view of the queues. */
export const CONSOLE_API = { shapes: [], routes: [consoleRoutes, metricsRoutes, queueBoard] }
