import { tokenRoutes } from './access/token.route.ts'

/** Access tokens and public keys. */
export const TRUST_API = { shapes: [], routes: [tokenRoutes] }
