import { readFile } from 'node:fs/promises'
import fastify from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import type { Pool } from 'pg'
import { deliveryRoutes } from '../../src/forward/delivery.route.ts'
import { leaseRoutes } from '../../src/forward/pull/lease.route.ts'
import { snapshotRoutes } from '../../src/forward/pull/snapshot.route.ts'
import type { ReceiptPolicy } from '../../src/forward/receipts/attest.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { registerModules } from '../../src/io/http/api-module.ts'
import { problemHandling, serverOptions } from '../../src/io/http/http.ts'
import { Problem } from '../../src/io/http/problem.ts'
import type { Canonical, Variable } from '../../src/language/canonical.ts'
import { readGoldenPage } from '../../src/link/persons/golden-page.db.ts'
import { compileSurvivorship } from '../../src/link/subjects/survivorship.ts'
import type { Caller } from '../../src/trust/access/caller.ts'
import { publicJwks } from '../../src/trust/keys/signing-keys.ts'
import { vault as linkVault, scoringModel, telling } from '../link/support.ts'
import { linkChunk, ring, vault } from './gateway.ts'

const BPS: Caller = { client: 'bps', platform: null, scopes: ['deliveries:read', 'deliveries:ack'] }
const VARIABLES = 'src/registry/canonical/variables.json'
const { variables } = JSON.parse(await readFile(VARIABLES, 'utf8')) as { variables: Variable[] }

/** The canonical variables as the registry has them, without the code lists. */
export const canonical: Canonical = {
  variables: new Map(variables.map((variable) => [variable.key, variable])),
  codelists: new Map(),
}

/** The routes behind a door that takes everybody for BPS; who may come in is tested with the door itself. */
export async function served(db: Pool, issuer = 'http://127.0.0.1', receipts: ReceiptPolicy | undefined = undefined) {
  const silent = fastify({ logger: { level: 'silent' } }).log
  const app = fastify(serverOptions(silent))
  app.addSchema(Problem)
  await app.register(problemHandling)
  await app.register(fastifyPlugin(async (scope) => void scope.decorateRequest('caller', { getter: () => BPS })))
  const survivorship = compileSurvivorship({ default: ['carik'], fields: {} })
  const readGolden = (after: string, limit: number) =>
    readGoldenPage(db, { vault: linkVault, survivorship, scoringModel, ...telling }, after, limit)
  const parts = {
    db,
    vault,
    ring,
    issuer,
    canonical,
    readGolden,
    readRestricted: async () => new Set<never>(),
    receipts,
    platforms: new Map(),
    withoutAgreement: () => [],
    clock: () => new Date(),
  }
  await registerModules(app, [{ shapes: [], routes: [deliveryRoutes, leaseRoutes, snapshotRoutes] }], parts)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    jwks: publicJwks(ring),
    get: (path: string, headers: Record<string, string> = {}) => fetch(url + path, { headers }),
    post: (path: string, body: unknown) =>
      fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** Chunks whose deliveries have their places in the feed, in the order given. */
export async function sequenced(db: Pool, count: number) {
  const linked = []
  for (let i = 0; i < count; i++) {
    linked.push(await linkChunk(db))
    await sequenceDeliveries(db)
  }
  return linked
}
