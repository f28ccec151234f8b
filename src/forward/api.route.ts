import { deliveryRoutes } from './delivery.route.ts'

export const FORWARD_API = { shapes: [], routes: [deliveryRoutes] }
