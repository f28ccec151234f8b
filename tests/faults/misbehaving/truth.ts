import { expect } from 'vitest'
import { NATIONAL_PLATFORM } from '../../../src/domain/platform.ts'
import type { BatchView } from '../../../src/engine/batch-view.sql.ts'
import type { System } from '../../support/system.ts'
import { arrivedEntries } from './stand-in.ts'

type Counts = { new: number; updated: number; unchanged: number; rejected: number; held: number }
type PlatformSums = { platform: string; received: number; chunks: Counts; pending: number; delivered: number }
/** What `GET /v1/conservation` says, as far as a page says it too. */
export type Sums = {
  gap: number
  delivered: number
  open: number
  open_deliveries: number
  open_since: string | null
  platforms: PlatformSums[]
  batches: { batch: string; pending: number; open: number }[]
}
export type OpenDelivery = {
  delivery: string
  batch: string
  status: string
  attempts: number
  last_answer: string | null
  composed_at: string
}
export type OpenList = { open: number; paused_until: string | null; deliveries: OpenDelivery[] }

/** What the overview of the console shows. */
type Shown = { gap: number; pending: number; open: number; isSince: boolean; rows: string[] }

/** How often the console was looked at between two equal answers of the API: then it must say the very same. */
type Looks = { all: number; exact: number }

/** Looks at API and console together, as the ops team does, and holds both against each other and against the receiver. */
export function openTruth(system: System) {
  const ops = system.as('ops')
  const looks: Looks = { all: 0, exact: 0 }

  const page = async (path: string) => {
    const answer = await fetch(`${system.url}${path}`, { headers: { cookie: system.person.cookie } })
    expect([path, answer.status]).toEqual([path, 200])
    return answer
  }
  const sums = () => ops.get<Sums>('/v1/conservation')

  /** The sums close on both, an open delivery is never called delivered, and what is called delivered is there. */
  const look = async (): Promise<Sums> => {
    const before = await sums()
    const shown = readOverview(await (await page('/console?lang=en')).text())
    const after = await sums()
    expect([before.gap, shown.gap, after.gap]).toEqual([0, 0, 0])
    expect(shown.isSince).toBe(shown.open > 0)
    for (const { open, open_deliveries, open_since } of [before, after])
      expect([open > 0, open_since !== null]).toEqual([open_deliveries > 0, open_deliveries > 0])
    const exact = shownOf(before)
    looks.all += 1
    if (JSON.stringify(exact) === JSON.stringify(shownOf(after))) {
      looks.exact += 1
      expect(shown).toEqual(exact)
    }
    // What is called delivered after everything was looked at must be there: the receiver is asked last.
    expect(deliveredIn(before)).toBeLessThanOrEqual(await arrivedEntries(system))
    return after
  }

  /** A batch closes in itself: what is new or updated is delivered or open, and what is settled has nothing open. */
  const lookAtBatch = async (id: string): Promise<BatchView> => {
    const batch = await ops.get<BatchView>(`/v1/batches/${id}`)
    const { counts, deliveries, state } = batch
    if (deliveries === undefined) throw new Error('a batch is read without its deliveries')
    const { composed, sent, refused, entries, open_since } = deliveries
    if (counts.pending === 0) expect(entries.delivered + entries.open).toBe(counts.new + counts.updated)
    if (state === 'settled') expect([composed + sent + refused, open_since, entries.open]).toEqual([0, null, 0])
    expect(open_since === null).toBe(composed + sent + refused === 0)
    return batch
  }

  /** The queue page shows every queue, and no job that failed: what fails is a chunk that is due again. */
  const lookAtQueues = async () => {
    expect(await (await page('/console/queues')).text()).toContain('Titian')
    type Board = { queues: { name: string; counts: Record<string, number> }[] }
    const { queues } = await ops.get<Board>('/v1/queues')
    expect(queues.length).toBeGreaterThan(0)
    expect(queues.filter(({ counts }) => (counts.failed ?? 0) > 0)).toEqual([])
  }

  return {
    looks,
    sums,
    look,
    lookAtBatch,
    lookAtQueues,
    open: () => ops.get<OpenList>('/v1/deliveries/open'),
    delivery: (id: string) => ops.get<OpenDelivery & { position: string | null }>(`/v1/deliveries/${id}`),
    retry: (id: string) => ops.post(`/v1/deliveries/${id}/retry`),
    resend: (from: string) =>
      ops.post<{ resent: number; gone: string[]; next: string | null }>('/v1/deliveries/resend', {
        from,
        reason: 'penerima dipulihkan',
      }),
    close: () => ops.close(),
  }
}
export type Truth = ReturnType<typeof openTruth>

const ROW = ['received', 'new', 'updated', 'unchanged', 'rejected', 'held', 'pending'] as const

/** What the overview must show of such sums. */
function shownOf({ gap, open, platforms }: Sums): Shown {
  return {
    gap,
    pending: platforms.reduce((sum, { pending }) => sum + pending, 0),
    open,
    isSince: open > 0,
    rows: platforms.map(({ platform, received, chunks, pending }) => {
      const counts = { received, ...chunks, pending }
      return [platform, ...ROW.map((name) => counts[name]), 0].join(' ')
    }),
  }
}

/** Entries that are called delivered; results took effect here, and lie at no receiver. */
function deliveredIn({ platforms }: Sums): number {
  return platforms.reduce((sum, { platform, delivered }) => sum + (platform === NATIONAL_PLATFORM ? 0 : delivered), 0)
}

function readOverview(html: string): Shown {
  const tile = (title: string) => {
    const found = new RegExp(`${title}</span><strong class="[a-z]*">([0-9,]+)</strong><span[^>]*>(.*?)</span>`).exec(
      html,
    )
    if (found === null) throw new Error(`the overview has no tile "${title}"`)
    return { value: Number(found[1]?.replaceAll(',', '')), note: found[2] ?? '' }
  }
  const table = /<h2>Conservation by platform<\/h2>[\s\S]*?<tbody>([\s\S]*?)<\/tbody>/.exec(html)?.[1] ?? ''
  const rows = [...table.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replaceAll(',', '')).join(' '),
  )
  const notDelivered = tile('Not delivered to BPS')
  return {
    gap: tile('Gap').value,
    pending: tile('Under way').value,
    open: notDelivered.value,
    isSince: notDelivered.note.includes('since'),
    rows,
  }
}
