import type { LookupAddress } from 'node:dns'
import { afterAll, describe, expect, it } from 'vitest'
import { parseNetworks } from '../../src/notify/address.ts'
import { openPoster, type PosterOptions, type Resolve } from '../../src/notify/post.client.ts'
import { LOOPBACK } from './gateway.ts'
import { type Answering, openListener } from './listener.ts'

const stack = new AsyncDisposableStack()
afterAll(() => stack.disposeAsync())
const never = new AbortController().signal

function poster(over: Partial<PosterOptions> = {}) {
  const options = { networks: LOOPBACK, deadlineMs: 500, proxyFor: () => undefined, ...over }
  return stack.adopt(openPoster(options), (one) => one.close())
}

/** Sends a message to a server that answers so, and says what became of it. */
async function sendTo(answering: Answering, over: Partial<PosterOptions> = {}) {
  await using listener = await openListener(answering)
  return await poster(over).send({ url: listener.url, headers: {}, body: '{}' }, never)
}

/** Names that lead to other addresses at every look. */
function resolving(...answers: string[][]): Resolve {
  let look = 0
  return (_name, _options, done) => {
    const addresses = answers[Math.min(look++, answers.length - 1)] ?? []
    done(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

describe('a call of a webhook', () => {
  it.each([
    [
      'is silent',
      () => undefined,
      { is: 'failed', code: expect.stringMatching(/timeout|UND_ERR_HEADERS_TIMEOUT/), status: null },
    ],
    ['breaks off', (response) => response.destroy(), { is: 'failed', code: 'UND_ERR_SOCKET' }],
    [
      'answers with a header without end',
      (response) => response.writeHead(200, { x: 'x'.repeat(20_000) }).end(),
      { is: 'failed', code: 'UND_ERR_HEADERS_OVERFLOW' },
    ],
    [
      'answers with a body without end',
      (response) => void setInterval(() => response.write('x'.repeat(9999)), 1).unref(),
      { is: 'delivered', status: 200 },
    ],
    ['drips', (response) => void setInterval(() => response.write('x'), 50).unref(), { is: 'delivered', status: 200 }],
    [
      'is no HTTP',
      (_response, { socket }) => socket.end('hello\r\n\r\n'),
      { is: 'failed', code: expect.stringMatching(/^HPE_|^HTTPParserError$/) },
    ],
  ] as [string, Answering, object][])('that %s ends in time', async (_what, answering, expected) => {
    const started = performance.now()
    expect(await sendTo(answering)).toMatchObject(expected)
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  it('says that it was given up when its process stops', async () => {
    await using listener = await openListener(() => undefined)
    const stopping = new AbortController()
    const sent = poster({ deadlineMs: 60_000 }).send({ url: listener.url, headers: {}, body: '{}' }, stopping.signal)
    setTimeout(() => stopping.abort(), 50)
    expect(await sent).toEqual({ is: 'aborted' })
  })

  it('names what failed by its code: nobody listens, no such name, a private address', async () => {
    const send = (url: string, over: Partial<PosterOptions> = {}) =>
      poster(over).send({ url, headers: {}, body: '{}' }, never)
    expect(await send('http://127.0.0.1:9/')).toMatchObject({ code: 'port-refused' })
    expect(await send('http://127.0.0.1:1025/')).toMatchObject({ code: 'ECONNREFUSED' })
    expect(await send('https://127.0.0.1/', { networks: [] })).toMatchObject({ code: 'address-private' })
    expect(await send('https://nowhere.invalid/', { deadlineMs: 5000 })).toMatchObject({
      code: expect.stringMatching(/^E/),
    })
  })
})

describe('a name', () => {
  it('is judged by the address that is called: one that points elsewhere by then reaches nothing', async () => {
    await using listener = await openListener()
    const url = `https://rebind.example:${listener.port}/`
    for (const answers of [
      [['127.0.0.1']],
      [['8.8.8.8', '127.0.0.1']],
      [['::ffff:127.0.0.1']],
      [['169.254.169.254']],
      [['fd00:ec2::254']],
    ]) {
      const sent = await poster({ networks: [], resolve: resolving(...answers) }).send(
        { url, headers: {}, body: '{}' },
        never,
      )
      expect(sent).toMatchObject({ is: 'failed', code: 'address-private' })
    }
    expect(listener.heard).toEqual([])
  })

  it('that points elsewhere at the next look is refused then', async () => {
    await using listener = await openListener((response) => response.writeHead(200, { connection: 'close' }).end())
    const networks = parseNetworks('127.0.0.1/32')
    const one = poster({ networks, resolve: resolving(['127.0.0.1'], ['127.0.0.2']) })
    const post = { url: `http://region.example:${listener.port}/`, headers: {}, body: '{}' }
    expect(await one.send(post, never)).toEqual({ is: 'delivered', status: 200 })
    expect(await one.send(post, never)).toMatchObject({ is: 'failed', code: 'address-private' })
    expect(listener.heard).toHaveLength(1)
  })

  it('of a public address is not called by plain http', async () => {
    const one = poster({ networks: parseNetworks('10.0.0.0/8'), resolve: resolving(['8.8.8.8']) })
    expect(await one.send({ url: 'http://region.example/', headers: {}, body: '{}' }, never)).toMatchObject({
      code: 'address-private',
    })
  })
})
