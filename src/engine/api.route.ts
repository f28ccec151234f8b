import { abortRoutes } from './abort/abort.route.ts'
import { ENGINE_SHAPES } from './batch-shapes.ts'
import { releaseRoutes } from './release/release.route.ts'

/** Working again what a batch holds back, and ending a batch. */
export const ENGINE_API = { shapes: ENGINE_SHAPES, routes: [releaseRoutes, abortRoutes] }
