import { batchRoutes } from './submit.route.ts'

export const INTAKE_API = { shapes: [], routes: [batchRoutes] }
