import { tokenRoutes } from './access/token.route.ts'

export const TRUST_API = { shapes: [], routes: [tokenRoutes] }
