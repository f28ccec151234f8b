import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { noteEvent } from '../../src/notify/event.sql.ts'
import { EVENT_DATA, type EventType } from '../../src/notify/events.ts'
import { restoredEvents } from '../../src/notify/restored.ts'
import { until } from '../support/running.ts'
import { noteBatch, openWebhooks, sending } from './gateway.ts'
import { openListener } from './listener.ts'

const document = parse(await readFile(`${import.meta.dirname}/../../openapi/webhooks.yaml`, 'utf8'))
const ajv = new Ajv2020({ strict: false })
addFormats.default(ajv)
ajv.addSchema(document, 'webhooks')

const typesOf = (names: Iterable<string>) => [...names].sort()
const schemaOf = (type: EventType) =>
  document.webhooks[type].post.requestBody.content['application/json'].schema.$ref.split('/').at(-1) as string

/** What of a value does not fit a schema of the document, as places. */
function faults(pointer: string, value: unknown): string[] {
  const validate = ajv.getSchema(`webhooks#/components/${pointer}`)
  if (validate === undefined) throw new Error(`no ${pointer}`)
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`)
}

describe('openapi/webhooks.yaml', () => {
  it('knows every event and the members of its data', () => {
    expect(typesOf(Object.keys(document.webhooks))).toEqual(typesOf(Object.keys(EVENT_DATA)))
    for (const [type, shape] of Object.entries(EVENT_DATA)) {
      const { required, properties } = document.components.schemas[schemaOf(type as EventType)].properties.data
      expect([type, typesOf(Object.keys(properties)), typesOf(required)]).toEqual([
        type,
        typesOf(Object.keys(shape.properties)),
        typesOf(shape.required ?? []),
      ])
    }
  })

  it('describes what arrives for each event', async () => {
    await using listener = await openListener()
    await using gateway = await openWebhooks()
    const { pool } = gateway.db
    const events = Object.keys(EVENT_DATA).filter((type) => type !== 'webhook.test')
    await gateway.send('PUT', '/utama', { url: listener.url, events })
    await noteBatch(pool, 'bat_1')
    await noteEvent(pool, {
      platform: 'utara',
      type: 'agreement.ending',
      data: { agreement: 'PKS-1', valid_to: '2026-12-31', days_left: 7 },
    })
    await noteEvent(pool, {
      platform: 'utara',
      type: 'agreement.overdue',
      data: { agreement: 'PKS-1', cadence_days: 30, days: 31, last_pushed: null },
    })
    const known = { platform: 'utara', batch: 'bat_1', receivedAt: new Date(0) }
    for (const event of restoredEvents({ epoch: '0123456789ab', at: new Date() }, [known])) await noteEvent(pool, event)
    await noteEvent(pool, {
      platform: 'utara',
      type: 'delivery.refused',
      data: { delivery: 'dlv_1', batch: 'bat_1', of: 'records', records: 3, refused: 1 },
    })
    await noteEvent(pool, { platform: 'utara', type: 'results.available', data: { results: 3 } })
    await noteEvent(pool, {
      platform: 'utara',
      type: 'correction.asked',
      data: { correction: 'cor_1', dataset: 'orang', due_at: '2026-12-01T00:00:00.000Z' },
    })
    await gateway.send('POST', '/utama/test')
    await using _sender = sending({ db: pool, vault: gateway.vault })
    await until(() => listener.heard.length === Object.keys(EVENT_DATA).length)
    const bodies = listener.heard.map(({ body }) => JSON.parse(body) as { type: EventType })
    expect(typesOf(bodies.map(({ type }) => type))).toEqual(typesOf(Object.keys(EVENT_DATA)))
    for (const body of bodies)
      expect([body.type, faults(`schemas/${schemaOf(body.type)}`, body)]).toEqual([body.type, []])
    for (const { headers } of listener.heard) {
      expect(faults('parameters/Timestamp/schema', headers['webhook-timestamp'])).toEqual([])
      expect(faults('parameters/Signature/schema', headers['webhook-signature'])).toEqual([])
      expect(faults('schemas/EventId', headers['webhook-id'])).toEqual([])
    }
  })

  it('is a check that fails: a member too many, a type of another', () => {
    const body = { type: 'results.available', timestamp: '2026-11-28T00:00:00.000Z', data: { results: 1 } }
    expect(faults('schemas/ResultsAvailable', body)).toEqual([])
    expect(faults('schemas/ResultsAvailable', { ...body, data: { results: 1, nama: 'x' } })).toEqual([
      '/data additionalProperties',
    ])
    expect(faults('schemas/BatchSettled', body)).toContain('/type const')
  })
})
