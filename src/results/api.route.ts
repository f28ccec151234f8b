import { ResultLine } from './read/result-line.ts'
import { resultCatalogueRoutes } from './returned/catalogue.route.ts'
import { resultFeedRoutes } from './returned/feed.route.ts'
import { ReturnedResult } from './returned/returned-shape.ts'

/** What BPS says of subjects, returned to every platform that reported them. */
export const RESULTS_API = { shapes: [ResultLine, ReturnedResult], routes: [resultFeedRoutes, resultCatalogueRoutes] }
