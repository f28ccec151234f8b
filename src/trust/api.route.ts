import { securityRoutes } from './access/security.route.ts'
import { tokenRoutes } from './access/token.route.ts'
import { checkpointRoutes } from './audit/checkpoint.route.ts'

/** Access tokens, public keys, whom to tell of a weakness, and the audit log as witnesses see it. */
export const TRUST_API = { shapes: [], routes: [tokenRoutes, securityRoutes, checkpointRoutes] }
