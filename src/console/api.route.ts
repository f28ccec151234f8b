import { consoleAssets } from './assets.route.ts'
import { consoleRoutes } from './console.route.ts'
import { metricsRoutes } from './metrics.route.ts'
import { queueBoard } from './pages/queues/queue-board.route.ts'
import { welcomePage } from './pages/welcome/welcome.route.ts'

/** Pages for people, metrics, and the view of the queues. */
export const CONSOLE_API = {
  shapes: [],
  routes: [consoleRoutes, consoleAssets, welcomePage, metricsRoutes, queueBoard],
}
