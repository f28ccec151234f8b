import { resultFeedRoutes } from './feed.route.ts'
import { ResultLine } from './result-line.ts'
import { ReturnedResult } from './returned-shape.ts'

/** What BPS says of subjects, returned to every platform that reported them. */
export const RESULTS_API = { shapes: [ResultLine, ReturnedResult], routes: [resultFeedRoutes] }
