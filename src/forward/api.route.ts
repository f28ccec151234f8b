import { deliveryRoutes } from './delivery.route.ts'
import { operateRoutes } from './operate.route.ts'
import { leaseRoutes } from './pull/lease.route.ts'
import { snapshotRoutes } from './pull/snapshot.route.ts'

/** The feed of deliveries that BPS pulls, and what operators see of open ones. */
export const FORWARD_API = { shapes: [], routes: [deliveryRoutes, leaseRoutes, snapshotRoutes, operateRoutes] }
