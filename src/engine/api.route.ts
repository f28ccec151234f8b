import { ENGINE_SHAPES } from './batch-shapes.ts'
import { releaseRoutes } from './release.route.ts'

export const ENGINE_API = { shapes: ENGINE_SHAPES, routes: [releaseRoutes] }
