import { consoleRoutes } from './console.route.ts'
import { metricsRoutes } from './metrics.route.ts'
import { queueBoard } from './queues.route.ts'

export const CONSOLE_API = { shapes: [], routes: [consoleRoutes, metricsRoutes, queueBoard] }
