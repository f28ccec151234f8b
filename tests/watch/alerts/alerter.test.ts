import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { alertsCommand } from '../../../src/cli/admin/alerts.ts'
import type { CliContext } from '../../../src/cli/context.ts'
import { openLog } from '../../../src/io/observe/log.ts'
import { openPool } from '../../../src/io/postgres/postgres.ts'
import { selectFigures } from '../../../src/reports/figures.sql.ts'
import { lookAndTell } from '../../../src/watch/alerts/alerter.db.ts'
import { mailWay, type Way, webhookWay } from '../../../src/watch/alerts/ways.client.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'

const log = openLog({ LOG_LEVEL: 'silent' }, 'test')

/** An HTTP server that keeps what it was sent, and answers with a status. */
async function httpSink() {
  const taken: { firing: { name: string; of: string; todo: string }[]; ended: { name: string }[]; text: string }[] = []
  const at = { status: 204 }
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const piece of request) text += piece
    if (at.status < 300) taken.push(JSON.parse(text))
    response.writeHead(at.status).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const way = webhookWay(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, undefined)
  return Object.assign(at, {
    ...{ taken, way },
    async [Symbol.asyncDispose]() {
      await way.close()
      await new Promise((done) => server.close(done))
    },
  })
}

/** A mail server that keeps what it was sent. */
async function mailSink() {
  const taken: { to: string[]; text: string }[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData(stream, { envelope }, done) {
      let text = ''
      stream.on('data', (piece: Buffer) => {
        text += piece.toString()
      })
      stream.on('end', () => {
        taken.push({ to: envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  const { port } = server.server.address() as AddressInfo
  const way = mailWay(`smtp://127.0.0.1:${port}`, { from: 'titian@x.example', to: 'a@x.example, b@x.example' })
  return {
    ...{ taken, way },
    async [Symbol.asyncDispose]() {
      await way.close()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function alerter(db: TestDatabase, ways: readonly Way[], limits = { repeatHours: 12, perHour: 10 }) {
  const tell = () =>
    lookAndTell({
      ...{ db: db.pool, log, ways, limits, installation: 'http://titian.test', folders: {} },
      readFigures: (pool) => selectFigures(pool),
    })
  return {
    tell,
    /** As if so many hours had passed since what stands in the tables. */
    async later(hours: number): Promise<number> {
      const by = `make_interval(mins => ${Math.round(hours * 60)})`
      await db.pool.query(`update alert set since = since - ${by}, told_at = told_at - ${by}`)
      await db.pool.query(`update alert_silence set until = until - ${by}`)
      await db.pool.query(`update alert_message set sent_at = sent_at - ${by}`)
      return tell()
    },
  }
}

const SHOW_WORKER = "insert into process (id, kind, host, version) values ('w', 'worker', 'x', 'v')"
const OPEN_BREAKER = "insert into destination values ('bps', 5, now() + interval '1 hour')"

describe('alerts by the product itself', () => {
  it('are told once by webhook and mail after their minutes, again after hours, and at their end', async () => {
    await using db = await freshDatabase()
    await using http = await httpSink()
    await using mail = await mailSink()
    const { tell, later } = alerter(db, [http.way, mail.way])
    expect(await tell()).toBe(0)
    expect(await later(0.05)).toBe(1)
    expect(http.taken[0]?.firing).toMatchObject([{ name: 'worker-missing', of: '', todo: 'start one: titian work' }])
    expect(mail.taken[0]?.to).toEqual(['a@x.example', 'b@x.example'])
    expect(mail.taken[0]?.text).toContain('Subject: [Titian] worker-missing')
    expect(mail.taken[0]?.text).toContain('docs/operations/alerts/worker-missing.md')
    // Another process, or this one after a restart, repeats nothing.
    expect(await alerter(db, [http.way]).tell()).toBe(0)
    expect(await later(13)).toBe(1)
    await db.pool.query(SHOW_WORKER)
    expect(await tell()).toBe(1)
    expect(http.taken.at(-1)).toMatchObject({ firing: [], ended: [{ name: 'worker-missing' }] })
    expect(await tell()).toBe(0)
    expect((await db.pool.query('select from alert')).rowCount).toBe(0)
  })

  it('go out in one message for all that is new, and say whose they are', async () => {
    await using db = await freshDatabase()
    await using http = await httpSink()
    await db.pool.query(OPEN_BREAKER)
    const { tell, later } = alerter(db, [http.way])
    await tell()
    expect(await later(0.1)).toBe(2)
    expect(http.taken).toHaveLength(1)
    expect(http.taken[0]?.firing.map(({ name, of }) => `${name} ${of}`).sort()).toEqual([
      'breaker-open bps',
      'worker-missing ',
    ])
  })

  it('are told by the next look where no way took them, and by one way that did', async () => {
    await using db = await freshDatabase()
    await using http = await httpSink()
    await using mail = await mailSink()
    http.status = 500
    const only = alerter(db, [http.way])
    await only.tell()
    expect(await only.later(0.1)).toBe(0)
    expect(await alerter(db, [http.way, mail.way]).tell()).toBe(1)
    expect(mail.taken).toHaveLength(1)
  })

  it('keep to so many messages in an hour; what is left waits', async () => {
    await using db = await freshDatabase()
    await using http = await httpSink()
    const limited = alerter(db, [http.way], { repeatHours: 12, perHour: 1 })
    await limited.tell()
    expect(await limited.later(0.1)).toBe(1)
    await db.pool.query(OPEN_BREAKER)
    await limited.tell()
    expect(await limited.later(0.1)).toBe(0)
    expect(await limited.later(1)).toBe(1)
    expect(http.taken.at(-1)?.firing).toMatchObject([{ name: 'breaker-open' }])
  })

  it('are silent for some hours where somebody says so, and listed', async () => {
    await using db = await freshDatabase()
    await using http = await httpSink()
    const said: string[] = []
    const context = {
      ...{ dataDir: '', out: (line: string) => said.push(line), openDatabase: async () => openPool(db.url, 1) },
    } as unknown as CliContext
    const run = (...words: string[]) => alertsCommand(context).parseAsync(words, { from: 'user' })
    const { tell, later } = alerter(db, [http.way])
    await run('silence', 'worker-missing', '--hours', '4', '--reason', 'pemeliharaan')
    await tell()
    expect(await later(1)).toBe(0)
    await run('list')
    expect(said.at(-1)).toMatch(/worker-missing.*not told.*silent until/)
    expect(await later(4)).toBe(1)
    await expect(run('silence', 'none', '--hours', '1', '--reason', 'x')).rejects.toThrow('there is no alert none')
  })
})
