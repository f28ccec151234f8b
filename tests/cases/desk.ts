import { readFile } from 'node:fs/promises'
import type { Static } from 'typebox'
import { decodeReport } from '../../src/domain/report.ts'
import type { Batch } from '../../src/engine/batch-shapes.ts'
import type { Conservation } from '../../src/reports/shapes.ts'
import { openDesk, REGISTRY } from '../console/desk.ts'
import { push } from '../flows/gateway.ts'
import { workAll } from '../flows/stages.ts'

/** A line of a delivery, as BPS pulls it. */
export type Line = {
  subject: string
  version: number
  family?: string
  record: Record<string, string | number>
  merged?: string[]
  entries: unknown[]
}

/** One platform that pushes files through all stages, and what became of them. */
export async function openCase(platform: string, dataset: string) {
  const desk = await openDesk()
  const call = await desk.caller(platform)
  const ops = await desk.caller(null, ['ops'])
  const bps = await desk.caller(null, ['deliveries:read', 'deliveries:ack'])
  const registry = await REGISTRY
  let pushes = 0
  const view = async (id: string) => {
    const { counts, gap } = (await (await call(`/v1/batches/${id}`)).json()) as Static<typeof Batch>
    const { rows } = await desk.db.pool.query<{ findings: Buffer }>(
      'select r.findings from report r join chunk c on c.id = r.chunk where c.batch = $1 order by c.first_line, r.stage',
      [id],
    )
    const found = rows.flatMap(({ findings }) => decodeReport(findings))
    const told = found.map(({ line, code, severity, path }) => `${line} ${severity} ${code} ${path}`)
    return { id, counts: withoutZeros(counts), gap, told }
  }
  return {
    desk,
    ops,
    /** Pushes a text and works it; tells the counts that are not 0 and the findings. */
    async push(body: string | Buffer<ArrayBuffer>) {
      pushes += 1
      const type = body.toString('utf8').startsWith('{') ? 'application/x-ndjson' : 'text/csv'
      const answer = await push(call, `k-${pushes}`, body, { dataset, 'content-type': type })
      const { id } = (await answer.json()) as { id: string }
      await workAll(desk, registry)
      return view(id)
    },
    /** Releases what is held: all that may be mended, or what a wish names. */
    async release(id: string, wish?: { codes: string[]; reason?: string }) {
      const body = wish && { body: JSON.stringify(wish), headers: { 'content-type': 'application/json' } }
      await ops(`/v1/batches/${id}/release`, { method: 'POST', ...body })
      await workAll(desk, registry)
      return view(id)
    },
    /** All lines that were delivered so far, in order. */
    async lines(): Promise<Line[]> {
      const { deliveries } = (await (await bps('/v1/deliveries')).json()) as {
        deliveries: { manifest: { delivery: string } }[]
      }
      const lines: Line[] = []
      for (const { manifest } of deliveries) {
        const text = await (await bps(`/v1/deliveries/${manifest.delivery}/records`)).text()
        for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line))
      }
      return lines
    },
    gap: async () => ((await (await ops('/v1/conservation')).json()) as Static<typeof Conservation>).gap,
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  }
}

/** A small file that broke something once. */
export function input(name: string): Promise<Buffer<ArrayBuffer>> {
  return readFile(new URL(`inputs/${name}`, import.meta.url))
}

function withoutZeros(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([name, count]) => count > 0 && name !== 'received'))
}
