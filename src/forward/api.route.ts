import { deliveryRoutes } from './delivery.route.ts'

/** The feed of deliveries that BPS pulls. */
export const FORWARD_API = { shapes: [], routes: [deliveryRoutes] }
