import { randomUUID } from 'node:crypto'
import type { ReturnedResult } from '../../results/returned/returned-shape.ts'
import { linesPayload } from '../client/payload.ts'
import type { Gateway } from '../client/push.client.ts'

/** What became of the results that the stand-in said, and what came home to whom. */
export type ResultSums = {
  /** Result lines that were posted. */
  posted: number
  /** Those that said something new. */
  applied: number
  /** Those that said what was known. */
  unchanged: number
  rejected: number
  /** Source records that each platform gets a result for. */
  returned: Record<string, number>
  /** Corrections among them that have no way back into the platform's own columns; each says why. */
  unreturnable: number
  /** Entries of the batch that are accounted for nowhere. */
  gap: number
}

/** Posts result lines as BPS, waits until they are settled, and reads them back as every platform does. */
export async function loopResults(
  bps: Gateway,
  ndjson: Buffer,
  platforms: ReadonlyMap<string, Gateway>,
): Promise<ResultSums> {
  const { batch } = await bps.postResults('', randomUUID(), linesPayload(ndjson))
  const { counts, gap } = await bps.settled(batch.id)
  const sums: ResultSums = {
    posted: counts.received,
    applied: counts.new + counts.updated,
    unchanged: counts.unchanged,
    rejected: counts.rejected + counts.held,
    returned: {},
    unreturnable: 0,
    gap,
  }
  for (const [platform, gateway] of platforms) {
    sums.returned[platform] = 0
    for await (const result of returnedTo(gateway)) {
      sums.returned[platform] += 1
      sums.unreturnable += result.corrections.filter(({ own }) => own === null).length
    }
  }
  return sums
}

/** All results of a platform, page by page, until the next page is the one at hand. */
async function* returnedTo(gateway: Gateway): AsyncGenerator<ReturnedResult> {
  for (let path = '/v1/results?after=0&limit=2000'; ; ) {
    const { text, next } = await gateway.page(path, 'application/x-ndjson')
    for (const line of text.split('\n')) if (line !== '') yield JSON.parse(line) as ReturnedResult
    if (next === undefined || isSamePlace(next, path)) return
    path = next
  }
}

function isSamePlace(next: string, path: string): boolean {
  const placeOf = (url: string) => new URL(url, 'http://gateway').searchParams.get('after')
  return placeOf(next) === placeOf(path)
}
