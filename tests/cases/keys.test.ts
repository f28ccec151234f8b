import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Registry } from '../../src/catalogue/registry.ts'
import { openRegistry } from '../../src/deps.ts'
import { createKeyRing } from '../../src/trust/keys/keyring.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { openGateway, push, type TestGateway } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'
import { bytesOf } from './judge.ts'

let registry: Registry
let gateway: TestGateway
beforeAll(async () => {
  registry = await openRegistry({}, openVault(createKeyRing(new Date())))
  gateway = await openGateway({}, registry)
})
afterAll(() => gateway[Symbol.asyncDispose]())

describe('a record whose key was tidied', () => {
  it.for(['31759934000101', ' 31759934000101 ', '31759934000101.0', '\u200b31759934000101'])(
    'is found under what the sender wrote: %j',
    async (written) => {
      const carik = await gateway.caller('carik-jakarta')
      const text = (await bytesOf('34a.csv')).toString().split('\n').slice(0, 2).join('\n')
      const body = text.replace('31759934000101', written)
      const response = await push(carik, encodeURIComponent(written), body, {
        dataset: 'p3ke-individu',
        'content-type': 'text/csv',
      })
      expect(response.status).toBe(202)
      await workAll(gateway, registry)
      for (const key of [written, '31759934000101']) {
        const found = await carik(`/v1/records/p3ke-individu/${encodeURIComponent(key)}`)
        expect([key, found.status]).toEqual([key, 200])
        expect(await found.json()).toMatchObject({ dataset: 'p3ke-individu', subjects: [{}] })
      }
    },
  )

  it('is not found under another', async () => {
    const carik = await gateway.caller('carik-jakarta')
    expect((await carik('/v1/records/p3ke-individu/%2031759934000109')).status).toBe(404)
  })
})
