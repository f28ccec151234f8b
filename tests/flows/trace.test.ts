import { readFile } from 'node:fs/promises'
import { InMemorySpanExporter, type ReadableSpan } from '@opentelemetry/sdk-trace'
import { expect, it } from 'vitest'
import { cleanHere } from '../../src/clean/clean-here.ts'
import { openRegistry } from '../../src/deps.ts'
import { chunkBisector, entryIsolator } from '../../src/engine/poison.db.ts'
import { receiptTask } from '../../src/engine/receipt/build.db.ts'
import { runStage } from '../../src/engine/runner.ts'
import { openReceiver } from '../../src/forward/receiver.client.ts'
import { activeTrace } from '../../src/io/observe/trace.ts'
import { startTracing } from '../../src/io/observe/tracing.ts'
import { openQueue } from '../../src/io/queue.ts'
import { pipeline } from '../../src/pipeline.ts'
import { signerOf } from '../../src/trust/keys/signing-keys.ts'
import { openVault } from '../../src/trust/keys/vault.ts'
import { ring } from '../forward/gateway.ts'
import { freshReceiver } from '../receiver/stand-in.ts'
import { freshDatabase } from '../support/database.ts'
import { until } from '../support/running.ts'
import { openGateway, push } from './gateway.ts'

it('one trace holds the push of a batch, every stage, what the receiver was asked, and the receipt', async () => {
  const exporter = new InMemorySpanExporter()
  // What the memory holds goes with its shutdown: it is looked at before.
  const kept: ReadableSpan[] = []
  const keeping = Object.assign(Object.create(exporter) as InMemorySpanExporter, {
    export: (spans: ReadableSpan[], done: (result: { code: number }) => void) => {
      kept.push(...spans)
      done({ code: 0 })
    },
  })
  expect(activeTrace()).toBeNull()
  const line = (await readFile(new URL('../samples/carik-jakarta/carik.ndjson', import.meta.url), 'utf8')).split(
    '\n',
  )[0]
  let batch = ''
  {
    await using tracing = await startTracing(keeping, { OTEL_TRACES_SAMPLER: 'always_on' }, 'test')
    const registry = await openRegistry({}, openVault(ring))
    await using receiver = await freshReceiver()
    await using gateway = await openGateway({}, registry, { db: await freshDatabase(), ring }, tracing)
    const carik = await gateway.caller('carik-jakarta')
    const client = openReceiver({
      ...{ url: receiver.url, signer: () => signerOf(ring.deliveries, new Date()), deadlineMs: 10_000 },
      ...{ connections: 1, receipts: undefined, proxy: undefined },
    })
    await using queue = Object.assign(openQueue({ databaseUrl: gateway.db.url, telemetry: tracing.telemetry }), {
      [Symbol.asyncDispose]: () => queue.close(),
    })
    const { deps, vault, db } = gateway
    const runner = {
      ...{ ...deps, queue, registry, cleaner: cleanHere(registry, vault), ring },
      ...{ bisect: chunkBisector({ vault, poisonClaims: 3 }), isolate: entryIsolator({ vault }) },
    }
    const listeners = pipeline(runner, client).flatMap((stage) => runStage(stage, runner))
    const answer = await push(carik, 'jejak', `${line}\n`, { dataset: 'carik' })
    batch = ((await answer.json()) as { id: string }).id
    await until(async () => {
      const { rows } = await db.pool.query('select state from batch where id = $1', [batch])
      return rows[0]?.state === 'settled'
    }, 30)
    expect(await receiptTask(deps).run(db.pool)).toBe(1)
    await Promise.all(listeners.map((listener) => listener.close()))
    await client.close()
  }
  const pushed = kept.find(({ attributes }) => String(attributes['url.path']).endsWith('/batches'))
  const { traceId } = pushed?.spanContext() ?? {}
  const names = kept.filter((span) => span.spanContext().traceId === traceId).map(({ name }) => name)
  for (const stage of ['chunk clean', 'chunk link', 'chunk forward', 'batch receipt']) expect(names).toContain(stage)
  // Out to the receiver, and into the database.
  expect(names).toEqual(expect.arrayContaining(['PUT', expect.stringMatching(/^pg/)]))
  const clean = kept.find(({ name }) => name === 'chunk clean')
  expect(clean?.attributes).toMatchObject({ 'titian.batch': batch, 'titian.entries': 1, 'titian.answer': 'done' })
  // No value of the record is in anything that was sent.
  const family = JSON.parse(line ?? '') as { anggota: { nama: string; nik: string }[] }
  const sent = JSON.stringify(
    kept.map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
  )
  const values = JSON.stringify(family).match(/[A-Z]{4,}|\d{10,}/g) ?? []
  expect(values.length).toBeGreaterThan(5)
  expect(values.filter((value) => sent.includes(value))).toEqual([])
  expect(activeTrace()).toBeNull()
}, 300_000)
