import { batchRoutes } from './submit.route.ts'

/** Taking batches in, or only checking them. */
export const INTAKE_API = { shapes: [], routes: [batchRoutes] }
