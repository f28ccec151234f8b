import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openGateway, type TestGateway } from '../../flows/gateway.ts'

const SECRET = 'rahasia-untuk-uji'
/** Whom the provider lets in, and what it says of them. */
const people: Record<string, { preferred_username: string; roles: string[] }> = {
  'sub-1': { preferred_username: 'Siti W.', roles: ['wali-data', 'lain'] },
  'sub-2': { preferred_username: 'Tamu', roles: ['lain'] },
}
let whoever = 'sub-1'

let gateway: TestGateway
let folder: string
const provider = createServer()
beforeAll(async () => {
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'titian-oidc-'))
  await writeFile(join(folder, 'secret'), `${SECRET}\n`)
  gateway = await openGateway({
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'titian',
    OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'),
    OIDC_ROLES: 'wali-data=steward, gerbang-ops=ops',
    LOG_LEVEL: 'info',
    LOG_FILE: join(folder, 'log'),
  })
  provider.on('request', handlerOf(issuer))
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  provider.closeAllConnections()
  provider.close()
  await rm(folder, { recursive: true })
})

/** A real provider, which lets `whoever` in without asking. */
function handlerOf(issuer: string) {
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'titian',
        client_secret: SECRET,
        redirect_uris: ['http://titian.test/console/oidc/callback'],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub', 'roles'], profile: ['preferred_username'] },
    cookies: { keys: ['kunci'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
    async loadExistingGrant({ oidc: { client, session, provider: own } }) {
      const grant = new own.Grant({ clientId: client?.clientId ?? '', accountId: session?.accountId ?? '' })
      grant.addOIDCScope('openid profile')
      await grant.save()
      return grant
    },
  })
  const answer = oidc.callback()
  return (request: IncomingMessage, reply: ServerResponse) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, reply)
    return oidc.interactionFinished(request, reply, { login: { accountId: whoever } })
  }
}

/** A browser: keeps cookies of both sites, and takes the gateway's public address for where it really is. */
function browser() {
  const jar = new Map<string, string>()
  const cookies = (origin: string) =>
    [...jar]
      .flatMap(([name, value]) => (name.startsWith(origin) ? `${name.slice(origin.length)}=${value}` : []))
      .join('; ')
  async function once(url: string) {
    const at = new URL(url.replace('http://titian.test', gateway.url))
    const headers = { cookie: cookies(at.origin), accept: 'text/html' }
    const answer = await fetch(at, { redirect: 'manual', headers })
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '') jar.delete(at.origin + name)
      else jar.set(at.origin + name, value)
    }
    return { answer, to: answer.headers.get('location') && new URL(answer.headers.get('location') ?? '', at).href }
  }
  return {
    once,
    async follow(url: string, until: (url: string) => boolean = () => false) {
      let at = url
      for (let hops = 0; hops < 12; hops++) {
        if (until(at)) return { url: at, status: 0, page: '' }
        const { answer, to } = await once(at)
        if (!to) return { url: at, status: answer.status, page: await answer.text() }
        at = to
      }
      throw new Error('too many redirects')
    },
  }
}

const START = () => `${gateway.url}/console/oidc?next=/console/reviews`
const isCallback = (url: string) => url.includes('/console/oidc/callback')

async function audited() {
  const { rows } = await gateway.db.pool.query<{ action: string; shown: unknown }>(
    "select action, shown from audit where kind = 'account' order by sequence",
  )
  return rows.map(({ action, shown }) => [action, shown])
}

it('lets in whom the provider knows, with the roles that its claim says, and leads on', async () => {
  whoever = 'sub-1'
  const own = browser()
  const sign = await own.follow(`${gateway.url}/console/reviews`)
  expect(sign.page).toMatch(/href="\/console\/oidc\?next=%2Fconsole%2Freviews">Masuk lewat 127\.0\.0\.1:\d+</)
  const done = await own.follow(START())
  expect([new URL(done.url).pathname, done.status]).toEqual(['/console/reviews', 200])
  expect(done.page).toContain('Siti W.')
  expect((await own.once(`${gateway.url}/console/queues`)).answer.status).toBe(403)
  expect(await audited()).toEqual([
    ['account.added', { roles: 'steward' }],
    ['account.signed-in', { by: 'oidc' }],
  ])
})

it('takes roles as they are at each sign-in, and knows a person again by the subject', async () => {
  whoever = 'sub-1'
  people['sub-1'] = { preferred_username: 'Siti Wahyuni', roles: ['gerbang-ops'] }
  const own = browser()
  await own.follow(START())
  const home = await own.follow(`${gateway.url}/console/people`)
  expect([home.status, home.page.match(/Siti/g)?.length]).toEqual([200, 2])
  people['sub-1'].roles = []
  expect((await browser().follow(START())).status).toBe(403)
  expect((await own.follow(`${gateway.url}/console`)).url).toContain('/console/sign-in')
})

it('refuses who has no role, who is disabled, and who came back otherwise than they went', async () => {
  whoever = 'sub-2'
  const stranger = await browser().follow(START())
  expect([stranger.status, stranger.page.includes('tidak punya peran')]).toEqual([403, true])

  people['sub-1'] = { preferred_username: 'Siti', roles: ['wali-data'] }
  whoever = 'sub-1'
  await gateway.db.pool.query('update account set disabled_at = now()')
  expect((await browser().follow(START())).status).toBe(403)
  await gateway.db.pool.query('update account set disabled_at = null')

  const victim = browser()
  const { url } = await victim.follow(START(), isCallback)
  const forged = new URL(url)
  forged.searchParams.set('state', 'x')
  // Another browser, another state, and the same code once more.
  expect((await browser().follow(url)).status).toBe(401)
  expect((await victim.follow(forged.href)).status).toBe(401)
  const again = browser()
  const good = await again.follow(START(), isCallback)
  expect((await again.follow(good.url)).status).toBe(200)
  expect((await again.follow(good.url)).status).toBe(401)

  const log = await readFile(join(folder, 'log'), 'utf8')
  const reasons = [...log.matchAll(/"reason":"([a-z-]+)"/g)].map(([, reason]) => reason)
  expect(reasons.slice(-5)).toEqual(['no-role', 'disabled', 'no-flow', 'provider', 'no-flow'])
  expect(log).not.toMatch(/Siti|sub-1/)
})
