import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { REGISTRY } from '../console/desk.ts'
import { openGateway, push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'

describe('candidates', () => {
  it('smoke', async () => {
    const registry = await REGISTRY
    await using gateway = await openGateway({}, registry)
    const call = await gateway.caller('smart-kampung-banyuwangi', ['batches:write', 'candidates:read', 'records:read'])
    const { readFileSync } = await import('node:fs')
    const body = readFileSync('tests/samples/smart-kampung-banyuwangi/smart-kampung.ndjson', 'utf8')
      .split('\n')
      .slice(0, 200)
      .join('\n')
    expect((await push(call, 'k', body, { dataset: 'smart-kampung' })).status).toBe(202)
    await workAll(gateway, registry)
    for (const p of ['gizi', 'sembako', 'kjp']) {
      for (const list of ['candidates', 'undecided']) {
        const r = await call(`/v1/programmes/${p}/candidates?list=${list}&limit=2`)
        console.log(p, list, r.status, JSON.stringify(await r.json(), null, 1).slice(0, 5000))
      }
    }
  })
})
