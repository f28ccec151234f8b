import { cleanHere } from '../../src/clean/clean-here.ts'
import { chunkBisector, entryIsolator } from '../../src/engine/poison.db.ts'
import { handleDispatch } from '../../src/engine/runner.ts'
import { sequenceDeliveries } from '../../src/forward/sequence.sql.ts'
import { pipeline } from '../../src/pipeline.ts'
import type { TestGateway, TestRegistry } from './gateway.ts'

type WholeRegistry = TestRegistry & Parameters<typeof pipeline>[0]['registry']

/** Works everything that is due, or `most` chunks in each stage, through the real stages, BPS pulling, and acknowledges what came of it. */
export async function workAll(gateway: TestGateway, registry: WholeRegistry, most?: number): Promise<void> {
  await workUntilComposed(gateway, registry, most)
  await acknowledge(await gateway.caller(null, ['deliveries:read', 'deliveries:ack']))
}

/** Works everything that is due until its delivery is made and has its place in the feed. */
export async function workUntilComposed(gateway: TestGateway, registry: WholeRegistry, most?: number): Promise<void> {
  const { deps, db, vault } = gateway
  const runner = { ...deps, bisect: chunkBisector({ vault, poisonClaims: 3 }), isolate: entryIsolator({ vault }) }
  const cleaner = cleanHere(registry, vault)
  for (const stage of pipeline({ ...deps, registry, cleaner }, undefined).slice(0, 2)) {
    const { rows } = await db.pool.query('select id as chunk, epoch from chunk where state = $1 order by first_line', [
      stage.from,
    ])
    for (const dispatch of rows.slice(0, most)) await handleDispatch(stage, dispatch, runner)
  }
  await sequenceDeliveries(db.pool)
}

type Feed = { deliveries: { state: string; manifest: { delivery: string; digest: string } }[] }

async function acknowledge(bps: Awaited<ReturnType<TestGateway['caller']>>): Promise<void> {
  const { deliveries } = (await (await bps('/v1/deliveries')).json()) as Feed
  for (const { state, manifest } of deliveries) {
    if (state === 'acknowledged') continue
    await bps(`/v1/deliveries/${manifest.delivery}/ack`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest: manifest.digest }),
    })
  }
}
