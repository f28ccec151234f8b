import { securityRoutes } from './access/security.route.ts'
import { tokenRoutes } from './access/token.route.ts'

/** Access tokens, public keys, and whom to tell of a weakness. */
export const TRUST_API = { shapes: [], routes: [tokenRoutes, securityRoutes] }
