import { resultUploadRoutes } from './results.route.ts'
import { batchRoutes } from './submit.route.ts'

/** Taking batches in, or only checking them; also those of BPS. */
export const INTAKE_API = { shapes: [], routes: [batchRoutes, resultUploadRoutes] }
