import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addPerson, disablePerson, type PeopleDeps, resetPerson } from '../../../src/trust/people/people.db.ts'
import { totpCode, totpStep } from '../../../src/trust/people/totp.ts'
import { openGateway, type TestGateway } from '../../flows/gateway.ts'
import { bytesOfBase32, cheapPasswords } from '../../support/fixtures/people.ts'

const FORM = 'application/x-www-form-urlencoded'
const OWN = 'kata sandi yang panjang'

let gateway: TestGateway
let folder: string
let deps: PeopleDeps
const by = 'shell:0'
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'titian-people-'))
  gateway = await openGateway({ LOG_LEVEL: 'info', LOG_FILE: join(folder, 'log') })
  deps = { db: gateway.db.pool, vault: gateway.vault, passwords: cheapPasswords(gateway.vault) }
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A browser: keeps the cookie that it is given, sends forms of this very site, and follows nothing. */
function browser(from = '127.0.0.1') {
  let cookie = ''
  const ask = async (method: string, path: string, fields?: Record<string, string>) => {
    const answer = await fetch(`${gateway.url}${path}`, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, origin: gateway.url, ...(fields && { 'content-type': FORM }) },
      body: fields ? new URLSearchParams(fields).toString() : null,
    })
    const set = answer.headers.get('set-cookie')
    if (set !== null) cookie = set.split(';')[0] ?? ''
    return { status: answer.status, to: answer.headers.get('location'), set, page: await answer.text() }
  }
  return {
    from,
    get: (path: string) => ask('GET', path),
    post: (path: string, fields: Record<string, string>) => ask('POST', path, fields),
    cookie: () => cookie,
    steal(other: string) {
      cookie = other
    },
  }
}

const secretIn = (page: string) => /secret=([A-Z2-7]{32})/.exec(page)?.[1] ?? ''

/** Sets an account up in a browser; `next` gives the code of a step that was not used yet. */
async function setUp(name: string, roles: ('ops' | 'steward' | 'auditor' | 'viewer')[] = ['steward']) {
  const { id, password } = await addPerson(deps, { name, roles, by })
  const own = browser()
  const first = await own.post('/console/sign-in', { name, password })
  expect([first.status, first.to]).toEqual([303, '/console/set-up'])
  const secret = bytesOfBase32(secretIn((await own.get('/console/set-up')).page))
  const now = totpStep(Date.now())
  const done = await own.post('/console/set-up', { password: OWN, again: OWN, code: totpCode(secret, now - 1) })
  expect(done.status).toBe(200)
  const recovery = [...done.page.matchAll(/<li><code>([0-9a-z-]{11})<\/code>/g)].map(([, code = '']) => code)
  const later = [now, now + 1]
  return { id, own, name, secret, recovery, first: password, next: () => totpCode(secret, later.shift() ?? 0) }
}

async function auditOf(id: string): Promise<string[]> {
  const { rows } = await gateway.db.pool.query<{ actor: string; action: string }>(
    'select actor, action from audit where object = $1 order by sequence',
    [id],
  )
  return rows.map(({ actor, action }) => `${actor} ${action}`)
}

describe('a person', () => {
  it('sets the account up by a first password, once, and signs in by password and code from then on', async () => {
    const { id, own, name, secret, recovery, first, next } = await setUp('siti')
    expect(recovery).toHaveLength(10)
    expect((await own.get('/console/reviews')).status).toBe(200)
    expect((await own.get('/console/set-up')).to).toMatch(/^\/console\/sign-in/)

    const other = browser()
    const attempt = (fields: Record<string, string>) =>
      other.post('/console/sign-in', { name, password: OWN, ...fields })
    const wrong = [
      { password: first },
      { code: totpCode(secret, 1) },
      {},
      { password: 'x', code: totpCode(secret, totpStep(Date.now())) },
    ]
    for (const fields of wrong) expect((await attempt(fields)).status).toBe(401)
    const code = next()
    const answer = await attempt({ code })
    expect([answer.status, answer.to]).toEqual([303, '/console'])
    expect(answer.set).toMatch(/^titian_console=[\w-]{43}; Path=\/; Max-Age=36000; HttpOnly; SameSite=Lax$/)
    expect((await browser().post('/console/sign-in', { name, password: OWN, code })).status).toBe(401)
    expect(await auditOf(id)).toEqual([`${by} account.added`, `${id} account.set-up`, `${id} account.signed-in`])
  })

  it('may sign in by a recovery code, each of which counts once', async () => {
    const { name, recovery } = await setUp('rina')
    const attempt = (code: string) => browser().post('/console/sign-in', { name: 'RINA ', password: OWN, code })
    expect((await attempt(recovery[0] ?? '')).status).toBe(303)
    expect((await attempt(recovery[0] ?? '')).status).toBe(401)
    expect((await attempt(` ${(recovery[1] ?? '').toUpperCase()}`)).status).toBe(303)
    expect(name).toBe('rina')
  })

  it('gets another session at each sign-in, signs out of one, and is out everywhere after another password', async () => {
    const { own, name, recovery, next } = await setUp('budi')
    const before = own.cookie()
    await own.post('/console/sign-in', { name, password: OWN, code: recovery[0] ?? '' })
    expect(own.cookie()).not.toBe(before)
    const thief = browser()
    thief.steal(before)
    expect((await thief.get('/console')).to).toMatch(/^\/console\/sign-in/)

    const second = browser()
    await second.post('/console/sign-in', { name, password: OWN, code: recovery[1] ?? '' })
    thief.steal(second.cookie())
    expect((await second.post('/console/sign-out', {})).to).toBe('/console/sign-in')
    expect((await thief.get('/console')).to).toMatch(/^\/console\/sign-in/)

    thief.steal(own.cookie())
    const better = 'kata sandi yang lain'
    const chosen = { password: better, again: better }
    const refused = await own.post('/console/account', { ...chosen, current: 'salah', code: next() })
    expect(refused.status).toBe(422)
    const changed = await own.post('/console/account', { ...chosen, current: OWN, code: next() })
    expect(changed.status).toBe(200)
    expect((await thief.get('/console')).to).toMatch(/^\/console\/sign-in/)
    expect((await own.get('/console')).status).toBe(200)
    const old = { name, password: better, code: recovery[2] ?? '' }
    expect((await browser().post('/console/sign-in', old)).status).toBe(401)
  })

  it('is out at once when disabled or reset, and back after a first password anew', async () => {
    const { id, own, name, recovery } = await setUp('dewi')
    await disablePerson(deps, { name, isDisabled: true, by })
    expect((await own.get('/console')).to).toMatch(/^\/console\/sign-in/)
    const again = { name, password: OWN, code: recovery[0] ?? '' }
    expect((await own.post('/console/sign-in', again)).status).toBe(401)
    await disablePerson(deps, { name, isDisabled: false, by })
    expect((await own.post('/console/sign-in', again)).status).toBe(303)
    const { password } = await resetPerson(deps, { name, by })
    expect((await own.get('/console')).to).toMatch(/^\/console\/sign-in/)
    expect((await own.post('/console/sign-in', { name, password })).to).toBe('/console/set-up')
    await gateway.db.pool.query('update account set first_until = now() where id = $1', [id])
    expect((await own.post('/console/sign-in', { name, password })).status).toBe(401)
  })

  it('is refused a set-up that is not one, and told why', async () => {
    const { password: first } = await addPerson(deps, { name: 'agus', roles: ['viewer'], by })
    const own = browser()
    await own.post('/console/sign-in', { name: 'agus', password: first })
    const secret = bytesOfBase32(secretIn((await own.get('/console/set-up')).page))
    const code = totpCode(secret, totpStep(Date.now()))
    for (const [fields, told] of [
      [{ password: 'pendek', again: 'pendek', code }, 'too short'],
      [{ password: 'agus agus agus', again: 'agus agus agus', code }, 'too easy'],
      [{ password: OWN, again: `${OWN}!`, code }, 'not the same'],
      [{ password: OWN, again: OWN, code: totpCode(secret, 1) }, 'The code is not right'],
    ] as const) {
      const answer = await own.post('/console/set-up?lang=en', fields)
      expect([answer.status, answer.page.includes(told)]).toEqual([422, true])
    }
    expect((await own.get('/console')).to).toMatch(/^\/console\/sign-in/)
  })
})

describe('the sign-in', () => {
  it('says the same of nobody, of a wrong password and of a wrong code, and logs which, without a name', async () => {
    const { name: known, id } = await setUp('wayan')
    const answers = []
    for (const name of ['tiada', known]) {
      const { status, page } = await browser().post('/console/sign-in', { name, password: 'bukan ini', code: '000000' })
      answers.push([status, page.replaceAll(name, 'NAME')])
    }
    expect(answers[0]).toEqual(answers[1])
    await browser().post('/console/sign-in', { name: known, password: OWN, code: '000000' })
    const log = await readFile(join(folder, 'log'), 'utf8')
    const lines = log
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const refused = lines.filter(({ msg }) => msg === 'sign-in refused').slice(-3)
    expect(refused.map(({ reason, person, address }) => [reason, person, address])).toEqual([
      ['unknown', undefined, '127.0.0.1'],
      ['password', id, '127.0.0.1'],
      ['code', id, '127.0.0.1'],
    ])
    expect(log).not.toContain(known)
  })

  it('lets nobody guess on, the right password included, until the minute is over', async () => {
    const { name, recovery } = await setUp('tono')
    const attempt = (password: string) =>
      browser().post('/console/sign-in', { name, password, code: recovery[0] ?? '' })
    const statuses: number[] = []
    for (let i = 0; i < 11; i++) statuses.push((await attempt('salah')).status)
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429])
    expect((await attempt(OWN)).status).toBe(429)
  })

  it('takes no form of another site', async () => {
    const answer = await fetch(`${gateway.url}/console/sign-in`, {
      method: 'POST',
      headers: { origin: 'https://elsewhere.example', 'content-type': FORM },
      body: 'name=a&password=b',
    })
    expect(answer.status).toBe(400)
  })
})

describe('what a role may', () => {
  it('is seen in the menu and on the page of accounts', async () => {
    const auditor = browser()
    auditor.steal((await gateway.person(['auditor'])).cookie)
    const menuOf = async (path: string) =>
      [...(await auditor.get(path)).page.matchAll(/<nav[^>]*>(.*?)<\/nav>/gs)].join('')
    // Below the groups stand the pages of the one that is open.
    const menu = (await menuOf('/console?lang=en')) + (await menuOf('/console/audit?lang=en'))
    for (const there of ['/console/audit', '/console/people', '/console/settings']) expect(menu).toContain(there)
    for (const absent of ['/console/reviews', '/console/search', '/console/held']) expect(menu).not.toContain(absent)
    const people = await auditor.get('/console/people?lang=en')
    expect(people.page).toContain('siti')
    expect(people.page).toContain('Review desk: decisions')
  })
})
