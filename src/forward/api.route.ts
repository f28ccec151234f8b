import { changeRoutes } from './changes/changes.route.ts'
import { deliveryRoutes } from './delivery.route.ts'
import { DeliveryState } from './operate/delivery-way.ts'
import { operateRoutes } from './operate/operate.route.ts'
import { leaseRoutes } from './pull/lease.route.ts'
import { snapshotRoutes } from './pull/snapshot.route.ts'
import { acknowledgementRoutes } from './receipts/acknowledgements.route.ts'

/** The feed of deliveries that BPS pulls, and what operators see of open ones. */
export const FORWARD_API = {
  shapes: [DeliveryState],
  routes: [deliveryRoutes, changeRoutes, leaseRoutes, snapshotRoutes, operateRoutes, acknowledgementRoutes],
}
