import { operateWebhookRoutes } from './operate.route.ts'
import { webhookRoutes } from './webhook.route.ts'
import { NOTIFY_SHAPES } from './webhook-shapes.ts'

/** Whom a platform wants told, and what was sent there. */
export const NOTIFY_API = { shapes: NOTIFY_SHAPES, routes: [webhookRoutes, operateWebhookRoutes] }
