import { assetRoutes } from './assets.route.ts'
import { portalRoutes } from './portal.route.ts'

/** The portal for offices without a programmer. */
export const PORTAL_API = { shapes: [], routes: [assetRoutes, portalRoutes] }
