import { consoleAssets } from './assets.route.ts'
import { consoleRoutes } from './console.route.ts'
import { metricsRoutes } from './metrics.route.ts'
import { queueBoard } from './pages/queues/queue-board.route.ts'
import { welcomePage } from './pages/welcome/welcome.route.ts'

/** Pages for persons, and the view of the queues. */
export const CONSOLE_PAGES = { shapes: [], routes: [consoleRoutes, consoleAssets, queueBoard] }

/** What stays beside the API where the console has a listener of its own: the first page, and metrics. */
export const FRONT_API = { shapes: [], routes: [welcomePage, metricsRoutes] }
