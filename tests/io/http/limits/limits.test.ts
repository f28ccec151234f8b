import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createQuota } from '../../../../src/io/http/limits/rate.ts'
import { openGateway, problemOf, push } from '../../../flows/gateway.ts'

describe('a quota', () => {
  it('lets each name take so many in a window, whatever others take', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.record({ name: fc.constantFrom('a', 'b'), wait: fc.nat({ max: 8000 }) }), { maxLength: 100 }),
        (quota, asks) => {
          const take = createQuota(quota, 10)
          const begun = new Map<string, { at: number; taken: number }>()
          let now = 0
          for (const { name, wait } of asks) {
            now += wait
            const window = begun.get(name)
            const mine = window === undefined || window.at + 10_000 <= now ? { at: now, taken: 0 } : window
            begun.set(name, mine)
            const left = take(name, now)
            expect(left.isAllowed).toBe(mine.taken < quota)
            if (left.isAllowed) mine.taken += 1
            expect(left.remaining).toBe(quota - mine.taken)
            expect(left.resetSeconds).toBe(Math.max(1, Math.ceil((mine.at + 10_000 - now) / 1000)))
          }
        },
      ),
    )
  })
})

describe('a client that asks too often', () => {
  it('is told how many are left, and then when to come again; another is not held up', async () => {
    await using gateway = await openGateway({ REQUESTS_PER_MINUTE: '3' })
    const [eager, other] = [await gateway.caller('utara'), await gateway.caller('selatan')]
    for (const left of [2, 1, 0]) {
      const answer = await eager('/v1/batches')
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit-policy')).toBe('"requests";q=3;w=60')
      expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"requests";r=${left};t=\\d+$`))
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
      expect(answer.headers.get('server-timing')).toMatch(/^total;dur=[\d.]+$/)
    }
    const refused = await eager('/v1/batches')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await problemOf(refused)).toEqual({ status: 429, code: 'too-many' })
    expect((await other('/v1/batches')).status).toBe(200)
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200)
  }, 300_000)

  it('makes one batch of a hundred posts of one key at the same time', async () => {
    await using gateway = await openGateway()
    const utara = await gateway.caller('utara')
    const answers = await Promise.all(Array.from({ length: 100 }, () => push(utara, 'seratus', '{"id":"1"}\n')))
    const statuses = new Set(answers.map(({ status }) => status))
    expect([...statuses].every((status) => [200, 202, 409, 429].includes(status))).toBe(true)
    const again = await push(utara, 'seratus', '{"id":"1"}\n')
    expect(again.status).toBe(200)
    const { batches } = (await (await utara('/v1/batches')).json()) as { batches: unknown[] }
    expect(batches).toHaveLength(1)
  }, 300_000)
})

describe('two hundred bodies that drip', () => {
  it('are cut, and leave another client unhurt meanwhile', async () => {
    await using gateway = await openGateway({ SLOW_SECONDS: '3' })
    const [slow, other] = [await gateway.caller('selatan'), await gateway.caller('utara')]
    const port = Number(new URL(gateway.url).port)
    const answers: string[] = []
    const drip = (socket: Socket, at: number) => {
      const path = at % 2 === 0 ? '/v1/datasets/orang/batches' : '/oauth/token'
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${slow.token}\r\nidempotency-key: "k${at}"\r\n` +
          'content-type: application/x-ndjson\r\ncontent-length: 100000\r\n\r\n{',
      )
      socket.on('data', (data) => answers.push(String(data).split('\r\n')[0] ?? ''))
      socket.on('error', () => undefined)
      const timer = setInterval(() => socket.writable && socket.write(' '), 200)
      return once(socket, 'close').finally(() => clearInterval(timer))
    }
    const sockets = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(port, '127.0.0.1')
        await once(socket, 'connect')
        return socket
      }),
    )
    let isOver = false
    const all = Promise.all(sockets.map(drip)).then(() => {
      isOver = true
    })
    const times: number[] = []
    while (!isOver) {
      const started = performance.now()
      expect((await other('/v1/batches')).status).toBe(200)
      times.push(performance.now() - started)
    }
    await all
    times.sort((a, b) => a - b)
    expect(times[Math.floor(times.length * 0.95)]).toBeLessThan(1000)
    expect(answers).toContain('HTTP/1.1 408 Request Timeout')
    expect((await push(other, 'sesudah', '{"id":"1"}\n')).status).toBe(202)
  }, 300_000)
})
