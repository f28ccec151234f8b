import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { withClient } from '../../../../src/io/postgres/postgres.ts'
import { sql } from '../../../../src/io/postgres/sql.ts'
import { createWall, WALL_ROLE } from '../../../../src/io/postgres/wall.sql.ts'
import { createSessions } from '../../../../src/trust/access/sessions.ts'
import { ABSENT, NAMING, openTenants, type Things } from './tenants.ts'

const VICTIM = 'carik-jakarta'

// Files of a worker share their modules: these are loaded anew, with the one below in place, and forgotten at the end.
vi.hoisted(() => vi.resetModules())
afterAll(() => void vi.resetModules())

// The application's own filter is not only removed here: it is turned to the platform that is to be read.
vi.mock('../../../../src/trust/access/platform-wall.http.ts', async (original) => {
  const { workBehindWall } = await original<typeof import('../../../../src/trust/access/platform-wall.http.ts')>()
  return {
    workBehindWall(app: Parameters<typeof workBehindWall>[0], wall: Parameters<typeof workBehindWall>[1]) {
      workBehindWall(app, wall)
      app.addHook('preHandler', async (request) => {
        if (request.headers['x-taken-for'] === VICTIM) Object.assign(request.caller, { platform: VICTIM })
      })
    },
  }
})

let desk: Awaited<ReturnType<typeof openTenants>>
beforeAll(async () => {
  desk = await openTenants()
  expect(Object.values(desk.things)).not.toContain('')
})
afterAll(() => desk[Symbol.asyncDispose]())

describe('an application that takes a caller for another platform', () => {
  it('is still shown nothing of the other platform, by any route that names a thing', async () => {
    for (const [route, attempt] of Object.entries(NAMING)) {
      const answers = []
      for (const things of [desk.things, ABSENT]) answers.push(await attemptOf(route, attempt, things))
      const [theirs, absent] = answers
      expect(theirs, route).toEqual(absent)
      expect(theirs?.status, route).not.toBe(500)
    }
  })

  it('is shown no row of it in a list, though it asks for the other platform', async () => {
    const ask = (url: string) => inject('GET', url, { authorization: `Bearer ${desk.other.token}` })
    const totals = (await ask('/v1/reconciliation')).json() as { platform: string; sent: number }
    expect([totals.platform, totals.sent]).toEqual([VICTIM, 0])
    const own = await desk.owner('/v1/reconciliation')
    expect(((await own.json()) as { sent: number }).sent).toBeGreaterThan(0)
    for (const list of ['/v1/batches', '/v1/submissions', '/v1/webhooks', '/v1/results', '/portal'])
      expect((await ask(list)).body).not.toMatch(new RegExp([desk.things.batch, desk.things.submission].join('|')))
  })
})

async function attemptOf(route: string, { path, headers, body }: (typeof NAMING)[string], things: Things) {
  const [method = 'GET', url] = route.split(' ')
  const door = desk.app.doors.find((one) => one.method === method && one.url === url)
  const proof = door?.way === 'session' ? { cookie: await cookie() } : { authorization: `Bearer ${desk.other.token}` }
  const answer = await inject(method, path(things), { ...headers, ...proof }, body)
  const told = Object.entries(things).reduce(
    (text, [kind, name]) => (name === '' ? text : text.replaceAll(name, kind)),
    answer.body,
  )
  return { status: answer.statusCode, text: told.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'request') }
}

async function cookie(): Promise<string> {
  const sessions = createSessions(desk.db.pool, desk.vault, desk.deps.publicUrl)
  return (await sessions.begin(desk.other.id)).split(';')[0] ?? ''
}

function inject(method: string, url: string, headers: Record<string, string>, body?: string) {
  const host = { host: 'titian.test', origin: 'http://titian.test', 'x-taken-for': VICTIM }
  return desk.app.inject({
    method: method as 'GET',
    url,
    headers: { ...host, ...headers },
    ...(body !== undefined && { payload: body }),
  })
}

describe('a statement behind the wall', () => {
  const count = 'select count(*)::integer as n from batch'

  it('sees the rows of its platform, takes parameters, and leaves nothing on the connection', async () => {
    const wall = createWall()
    const db = wall.behind(desk.db.pool)
    const seen = (platform: string) => wall.run(platform, async () => (await db.query(count)).rows[0]?.n)
    const all = (await db.query(count)).rows[0]?.n
    expect(await seen(VICTIM)).toBe(all)
    expect(await seen('sumedang')).toBe(0)
    expect(
      await wall.run('sumedang', () => db.query(sql`select ${'x'}::text as x, current_user::text as role`)),
    ).toMatchObject({
      rowCount: 1,
      rows: [{ x: 'x', role: WALL_ROLE }],
    })
    const { rows } = await db.query(
      "select current_user::text as role, current_setting('titian.platform', true) as wall",
    )
    expect(rows).toEqual([{ role: 'titian', wall: '' }])
  })

  it('keeps to it in a transaction, and tells what is wrong as any statement does', async () => {
    const wall = createWall()
    const db = wall.behind(desk.db.pool)
    await wall.run('sumedang', async () => {
      const tx = await db.connect()
      await tx.query('begin')
      expect((await tx.query(count)).rows).toEqual([{ n: 0 }])
      await expect(
        tx.query(sql`update batch set platform = ${'x'} where id = ${desk.things.batch}`),
      ).resolves.toMatchObject({
        rowCount: 0,
      })
      await expect(
        tx.query(sql`insert into event (platform, type, data) values (${VICTIM}, 'batch.settled', '{}')`),
      ).rejects.toMatchObject({ code: '42501' })
      await tx.query('rollback')
      tx.release()
      await expect(db.query('select * from audit')).rejects.toMatchObject({ code: '42501' })
      await expect(db.query('select 1 from')).rejects.toMatchObject({ code: '42601' })
      expect((await db.query(count)).rows).toEqual([{ n: 0 }])
    })
  })
})

describe('the roles of the database', () => {
  it('wall off every table that names a platform', async () => {
    const { rows } = await desk.db.pool.query<{ table: string }>(`
      select c.relname as table from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'platform'
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not c.relrowsecurity order by 1`)
    expect(rows).toEqual([])
  })

  it('may change what they need alone', async () => {
    const { rows } = await desk.db.pool.query<{ role: string; tables: string[] }>(`
      select grantee as role, array_agg(distinct table_name::text order by table_name::text) as tables
      from information_schema.role_table_grants
      where table_schema = 'public' and privilege_type in ('INSERT', 'UPDATE', 'DELETE') and grantee = '${WALL_ROLE}'
      group by 1`)
    expect(rows[0]?.tables).toEqual(WRITTEN)
    const may = async (role: string, table: string, what: string) =>
      (await desk.db.pool.query<{ may: boolean }>(sql`select has_table_privilege(${role}, ${table}, ${what}) as may`))
        .rows[0]?.may
    for (const what of ['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) {
      expect([what, await may('titian', 'audit', what), await may('titian', 'migration', what)]).toEqual([
        what,
        false,
        false,
      ])
      expect([what, await may(WALL_ROLE, 'client', what)]).toEqual([what, false])
    }
  })

  it('run one function alone as the owner of the tables, which nobody else may call', async () => {
    const { rows } = await desk.db.pool.query(`
      select proname as name, proconfig as settings, array(
          select grantee::regrole::text from aclexplode(proacl) where grantee <> proowner order by 1) as callers
      from pg_proc where prosecdef and pronamespace = 'public'::regnamespace`)
    expect(rows).toEqual([
      { name: 'append_audit', settings: ['search_path=pg_catalog, pg_temp'], callers: ['titian', WALL_ROLE] },
    ])
  })

  it('let the stand-in for BPS into no database of the gateway', async () => {
    await withClient(desk.db.ownerUrl, async (owner) => {
      const { rows } = await owner.query(
        `select has_schema_privilege('receiver', 'public', 'create') as makes,
          bool_or(has_table_privilege('receiver', oid, 'select')) as reads
         from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
      )
      expect(rows).toEqual([{ makes: false, reads: false }])
    })
  })
})

/** What a request of a platform may write. */
const WRITTEN = [
  ...[
    'audit_cosignature',
    'batch',
    'batch_part',
    'chunk',
    'correction_task',
    'entry',
    'erased',
    'erased_again',
    'event',
    'lookup_chunk',
  ],
  ...[
    'lookup_row',
    'lookup_use',
    'person_request',
    'programme_list',
    'programme_list_village',
    'programme_verdict',
    'report',
  ],
  ...['result_notice', 'session', 'snapshot_key', 'submission', 'upload', 'upload_part', 'webhook', 'webhook_attempt'],
  ...['webhook_message', 'withdrawal', 'withdrawal_target'],
]
