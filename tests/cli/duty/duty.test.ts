import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { families } from '../../../bench/families.ts'
import { openGatewayClient } from '../../../src/cli/client/push.client.ts'
import { openDesk, REGISTRY } from '../../console/desk.ts'
import { carikPayload, payloadOf } from '../../faults/families.ts'
import type { TestGateway } from '../../flows/gateway.ts'
import { workAll } from '../../flows/stages.ts'
import { titian } from '../../support/command.ts'

let gateway: TestGateway
let folder: string
let batch: string

/** A command as whoever is on duty gives it on the machine of the gateway. */
const duty = (...args: string[]) => titian([...args, '--data', folder])

beforeAll(async () => {
  gateway = await openDesk()
  folder = await mkdtemp(join(tmpdir(), 'titian-duty-'))
  const platform = await gateway.caller('carik-jakarta')
  const clients = [
    { ...platform, platform: 'carik-jakarta', role: 'platform' },
    { ...(await gateway.caller(null, ['ops'])), platform: null, role: 'ops' },
    { ...(await gateway.caller(null, ['steward'])), platform: null, role: 'steward' },
  ]
  await writeFile(join(folder, 'clients.json'), JSON.stringify({ url: gateway.url, clients }))
  const { id: client, secret } = platform
  const carik = openGatewayClient({ url: gateway.url, client, secret }, AbortSignal.timeout(60_000))
  await carik.push('carik', 'first', carikPayload(3))
  await workAll(gateway, await REGISTRY)
  // Other people under the same keys, and a line that is no record.
  const second = await carik.push('carik', 'second', withOneBroken(3))
  await workAll(gateway, await REGISTRY)
  batch = second.batch.id
  await carik.close()
}, 300_000)
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function withOneBroken(count: number) {
  return payloadOf([...families(count, 2), '{"id_keluarga":'])
}

describe('titian batches', () => {
  it('lists the newest first, by filters, and says what to look at next', async () => {
    const all = await duty('batches')
    expect(all.out).toHaveLength(3)
    expect([all.out[1]?.includes(batch), all.err]).toEqual([true, [`Next: titian batches ${batch}`]])
    const { batches } = JSON.parse((await duty('batches', '--held', '--json')).out[0] ?? '') as { batches: object[] }
    expect(batches).toMatchObject([{ id: batch, counts: { received: 4, held: 3, rejected: 1 } }])
    expect((await duty('batches', '--platform', 'sumedang')).out).toEqual(['  none'])
  })

  it('shows one with its causes and what to do about each', async () => {
    const { out, err } = await duty('batches', batch)
    expect(out).toContainEqual(expect.stringMatching(/^hold {2}key-reused {2}3 entries/))
    expect(err.join('\n')).toContain(`titian batch release ${batch} --code key-reused --reason`)
  })

  it.each([
    ['bat_nope', 'titian: bat_nope is no id of a batch: those begin with bat_, titian batches lists them'],
    [`bat_${'0'.repeat(26)}`, `titian: there is no batch bat_${'0'.repeat(26)}`],
  ])('says in one line that %s is none', async (id, said) => {
    for (const command of ['batches', 'findings'])
      expect(await duty(command, id)).toMatchObject({ code: 1, err: [said] })
  })
})

describe('titian findings and held', () => {
  it('list lines and codes without a value, aligned', async () => {
    const found = await duty('findings', batch, '--severity', 'hold')
    const rows = found.out.map((line) =>
      line
        .trim()
        .split(/\s{2,}/)
        .slice(0, 3)
        .join(' '),
    )
    expect([...new Set(rows)]).toEqual(['line severity code', ...[1, 2, 3].map((line) => `${line} hold key-reused`)])
    expect(await duty('findings', batch, '--limit', '1')).toMatchObject({
      err: ['The first 1: there are more (--limit).'],
    })
    const held = await duty('held')
    expect(held.out[1]).toMatch(new RegExp(`^  ${batch}  carik-jakarta  carik .* 3  key-reused 3$`))
    expect(held.out.at(-1)).toBe('  3 entries in 1 batch')
  })
})

describe('titian record', () => {
  it('shows the way of a record, and names no key when there is none', async () => {
    const way = await duty('record', 'carik', 'KLG-00000001', '--platform', 'carik-jakarta')
    expect([way.code, way.out.filter((line) => !line.startsWith(' '))]).toEqual([
      0,
      ['Came', 'Is', 'Sent', 'BPS said nothing yet'],
    ])
    expect(way.out.join('\n')).toMatch(/ {2}held +.*key-reused \/[\s\S]*fam_/)
    const none = await duty('record', 'carik', 'UNKNOWN-KEY', '--platform', 'carik-jakarta')
    expect(none.err).toEqual(['titian: there is no record of this key in carik of carik-jakarta'])
  })
})

describe('titian status --watch', () => {
  it('refuses a pause that is none', async () => {
    expect((await duty('status', '--watch', 'often')).err).toEqual(['titian: --watch takes seconds, from 1 to 3600'])
  })
})

it('says in one line that the gateway is away', async () => {
  const said = await titian([
    'held',
    '--url',
    'http://127.0.0.1:1',
    '--client',
    'ops',
    '--secret-file',
    join(folder, 'clients.json'),
  ])
  expect(said.err).toEqual([expect.stringMatching(/^titian: http:\/\/127\.0\.0\.1:1\/livez does not answer/)])
})
