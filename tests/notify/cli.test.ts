import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { titian } from '../support/command.ts'
import { noteBatch, openWebhooks, sending } from './gateway.ts'
import { openListener, verified } from './listener.ts'

/** A gateway, a listener, and `titian webhooks` as a client of the platform. */
async function openCommand() {
  const stack = new AsyncDisposableStack()
  const listener = stack.use(await openListener())
  const gateway = stack.use(await openWebhooks())
  const folder = await mkdtemp(join(tmpdir(), 'titian-webhooks-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const file = join(folder, 'secret')
  await writeFile(file, gateway.client.secret)
  const asked = ['--platform', 'utara', '--url', gateway.url, '--client', gateway.client.id, '--secret-file', file]
  const run = (...args: string[]) => titian(['webhooks', ...args, ...asked])
  return { listener, gateway, run, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

describe('titian webhooks', () => {
  it('adds, tests, replays, shows and removes one', async () => {
    await using command = await openCommand()
    const { listener, gateway, run } = command
    const from = new Date(Date.now() - 60_000).toISOString()
    await noteBatch(gateway.db.pool, 'bat_1')
    await using _sender = sending({ db: gateway.db.pool, vault: gateway.vault })
    const added = await run('add', 'utama', listener.url, '--events', 'batch.settled,agreement.ending')
    const secret = added.out.at(-1)?.replace('secret  ', '') ?? ''
    expect(added).toMatchObject({ code: 0, err: ['The secret is shown this once: store it now.'] })
    expect((await run('add', 'utama', listener.url)).out).toHaveLength(1)

    const tested = await run('test', 'utama', '--json')
    expect([tested.code, JSON.parse(tested.out[0] ?? '')]).toMatchObject([0, { type: 'webhook.test', status: 204 }])
    listener.answer(500)
    const failed = await run('test', 'utama')
    expect([failed.code, failed.out[0]]).toEqual([1, expect.stringContaining('refused 500')])
    listener.answer(204)

    const rotated = await run('secret', 'utama', '--overlap', '0')
    const next = rotated.out[0]?.replace('secret  ', '') ?? ''
    expect(rotated.err).toEqual(['Store it now. The earlier one signs no more.'])
    expect((await run('replay', 'utama', '--from', from)).out).toEqual([
      expect.stringMatching(/^[01] events are sent again$/),
    ])
    expect((await run('test', 'utama')).code).toBe(0)
    const last = listener.heard.at(-1)
    expect(last && verified(next, last)).toMatchObject({ type: 'webhook.test' })
    expect(() => last && verified(secret, last)).toThrow()

    expect((await run('list')).out).toEqual([expect.stringMatching(/^utama\tenabled\t.*\t1 given up$/)])
    expect((await run('log', 'utama')).out.length).toBeGreaterThanOrEqual(3)
    expect((await run('remove', 'utama')).out).toEqual(['utama is removed'])
    expect((await run('list')).out).toEqual([])
    expect(await run('test', 'utama')).toMatchObject({ code: 1, err: [expect.stringContaining('Tidak ditemukan')] })
  })

  it('tells why an address is refused, and which events there are', async () => {
    await using command = await openCommand()
    const refused = await command.run('add', 'utama', 'https://10.0.0.1/')
    expect([refused.code, refused.err[0]]).toEqual([1, expect.stringContaining('/body/url address-private')])
    await expect(command.run('add', 'utama', 'https://a.example', '--events', 'all')).rejects.toThrow('batch.settled')
    await expect(command.run('replay', 'utama', '--from', 'soon')).rejects.toThrow('ISO time')
  })
})
