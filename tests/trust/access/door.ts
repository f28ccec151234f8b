import swagger from '@fastify/swagger'
import fastify, { type FastifyInstance } from 'fastify'
import { ERRORS, TitianError } from '../../../src/domain/error.ts'
import { Problem } from '../../../src/io/http/problem.ts'
import { type Access, securitySchemes } from '../../../src/trust/access/access.ts'
import { authenticate } from '../../../src/trust/access/authenticate.ts'
import { registerClient } from '../../../src/trust/access/client.sql.ts'
import { newClientId } from '../../../src/trust/access/client.ts'
import { createLogin } from '../../../src/trust/access/login.ts'
import { createSenders } from '../../../src/trust/access/proof/senders.http.ts'
import type { Scope } from '../../../src/trust/access/scopes.ts'
import { tokenRoutes } from '../../../src/trust/access/token.route.ts'
import { createTokens } from '../../../src/trust/access/token.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { createPeopleSessions } from '../../../src/trust/people/people-sessions.ts'
import type { PersonRole } from '../../../src/trust/people/roles.ts'
import { freshDatabase } from '../../support/database.ts'
import { LIMITS, signedIn } from '../../support/fixtures/people.ts'

const ISSUER = 'http://titian.example'

export type Door = Awaited<ReturnType<typeof openDoor>>

/** A gateway that is nothing but its door, over a database of its own. */
export async function openDoor(
  access: Record<string, Access> = {},
  addRoutes: (app: FastifyInstance) => unknown = () => undefined,
) {
  const db = await freshDatabase()
  const ring = createKeyRing(new Date('2026-01-01T00:00:00Z'))
  const vault = openVault(ring)
  const tokens = createTokens(ring, { issuer: ISSUER, seconds: 300 })
  const login = createLogin(db.pool, vault)
  const senders = createSenders({ db: db.pool, vault, issuer: ISSUER })
  const log: string[] = []
  const app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void log.push(line) } } })
  app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const code = error instanceof TitianError ? error.code : undefined
    const status = code === undefined ? (error.statusCode ?? 500) : ERRORS[code].status
    return reply.status(status).send({ code: code ?? error.message })
  })
  const door = {
    app,
    db,
    vault,
    ring,
    tokens,
    senders,
    log,
    /** A new client's id, secret and access token. */
    async client(platform: string | null, scopes: Scope[]) {
      const id = newClientId()
      const made = await registerClient(db.pool, vault, { id, platform, scopes })
      const token = await tokens.issue({ client: id, platform, scopes }, new Date())
      return { id, secret: made?.secret ?? '', token, bearer: `Bearer ${token}` }
    },
    /** A person of these roles, with the cookie of their session. */
    person: (roles: PersonRole[]) => signedIn({ db: db.pool, vault, publicUrl: ISSUER }, roles),
    async [Symbol.asyncDispose]() {
      await app.close()
      await db[Symbol.asyncDispose]()
    },
  }
  try {
    await app.register(swagger, {
      openapi: { info: { title: 'door', version: '1' }, components: { securitySchemes: securitySchemes('') } },
    })
    app.addSchema(Problem)
    const people = createPeopleSessions(db.pool, vault, { publicUrl: ISSUER, limits: LIMITS })
    await app.register(authenticate, { db: db.pool, tokens, senders, people, access })
    await app.register(tokenRoutes, { ring, db: db.pool, tokens, login, senders, issuer: ISSUER })
    await addRoutes(app)
    await app.ready()
  } catch (error) {
    await door[Symbol.asyncDispose]()
    throw error
  }
  return door
}

export function basicOf({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}
