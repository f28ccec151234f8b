import { changeRoutes } from './changes/changes.route.ts'
import { deliveryRoutes } from './delivery.route.ts'
import { operateRoutes } from './operate.route.ts'

/** The feed of deliveries that BPS pulls, and what operators see of open ones. */
export const FORWARD_API = { shapes: [], routes: [deliveryRoutes, changeRoutes, operateRoutes] }
