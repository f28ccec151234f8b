import type { PersonRole } from '../../src/trust/people/roles.ts'
import type { TestGateway } from '../flows/gateway.ts'

type Init = { method?: string; body?: string; headers?: Record<string, string> }

/** A browser's requests: of a person of these roles who has signed in, following nothing. `id` is the account. */
export async function browse(desk: TestGateway, roles: PersonRole[] = ['steward']) {
  const { id, cookie } = await desk.person(roles)
  const get = (path: string, init: Init = {}) =>
    fetch(`${desk.url}${path}`, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } })
  return Object.assign(get, { id })
}
