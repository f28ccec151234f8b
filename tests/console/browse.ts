import type { Scope } from '../../src/trust/access/scopes.ts'
import type { TestGateway } from '../flows/gateway.ts'

type Init = { method?: string; body?: string; headers?: Record<string, string> }

/** A browser's requests: with the id and secret of a client of these scopes, following nothing. */
export async function browse(desk: TestGateway, scopes: Scope[] = ['steward']) {
  const { id, secret } = await desk.caller(null, scopes)
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  return (path: string, init: Init = {}) =>
    fetch(`${desk.url}${path}`, { redirect: 'manual', ...init, headers: { authorization, ...init.headers } })
}
