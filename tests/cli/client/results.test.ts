import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { linesPayload } from '../../../src/cli/client/payload.ts'
import { openGatewayClient } from '../../../src/cli/client/push.client.ts'
import { pullResults } from '../../../src/cli/client/results-pull.file.ts'
import { openRegistry } from '../../../src/deps.ts'
import { createKeyRing } from '../../../src/trust/keys/keyring.ts'
import { openVault } from '../../../src/trust/keys/vault.ts'
import { openGateway, push } from '../../flows/gateway.ts'
import { JEMBRANA_HEAD, jembranaRow, workThrough } from '../../results/posting.ts'

it('a region pulls what is new into files of its own columns, once, and goes on where it ended', async () => {
  const registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  await using gateway = await openGateway({}, registry)
  const out = await mkdtemp(join(tmpdir(), 'titian-pull-'))
  const platform = await gateway.caller('jembrana', ['batches:write', 'batches:read', 'results:read'])
  const national = await gateway.caller(null, ['results:write'])
  const body = `${[JEMBRANA_HEAD, jembranaRow('IB1')].join('\n')}\n`
  await push(platform, 'k-1', body, { dataset: 'jembrana', 'content-type': 'text/csv' })
  await workThrough(gateway, registry)

  const clientOf = ({ id, secret }: { id: string; secret: string }) =>
    openGatewayClient({ url: gateway.url, client: id, secret }, AbortSignal.timeout(60_000))
  const [bps, region] = [clientOf(national), clientOf(platform)]
  const line = { nik: '5101010703760001', version: '2026-Q2', as_of: '2026-06-30', status: 'active' }
  const said = linesPayload(Buffer.from(`${JSON.stringify(line)}\n`))
  const { batch } = await bps.postResults('', 'r-1', said)
  expect(await bps.postResults('', 'r-1', said)).toMatchObject({ replayed: true, batch: { id: batch.id } })
  await workThrough(gateway, registry)

  const order = { out, platform: 'jembrana' } as const
  const [csv, ...others] = await pullResults(region, { ...order, as: 'csv' })
  expect(others).toEqual([])
  expect(csv).toMatchObject({ results: 1 })
  // Whoever shares the machine reads nothing of it.
  expect((await stat(csv?.file ?? '')).mode & 0o077).toBe(0)
  const [head = '', row = ''] = (await readFile(csv?.file ?? '', 'utf8')).split('\r\n')
  expect(row.split(',')[head.split(',').indexOf('KODE_DATA')]).toBe('IB1')
  expect(await pullResults(region, { ...order, as: 'csv' })).toEqual([])
  expect(await pullResults(region, { ...order, as: 'ndjson' })).toMatchObject([{ results: 1 }])
  expect((await readdir(out)).filter((name) => name.endsWith('.part'))).toEqual([])
  await expect(pullResults(region, { out, platform: 'sumedang', as: 'csv' })).rejects.toMatchObject({
    code: 'config-invalid',
  })
  await Promise.all([bps.close(), region.close(), rm(out, { recursive: true })])
}, 300_000)
