import { describe, expect, it } from 'vitest'
import { openGatewayClient } from '../../../src/cli/client/push.client.ts'
import { judge } from '../../support/oracle.ts'
import { plantedServer } from './planted.ts'

type Effect = { subject: string; version: number; hash: string; entries: [string, number][] }
const NONE = { new: 0, updated: 0, unchanged: 0, rejected: 0, held: 0 }

function effect(lines: number[], change: Partial<Effect> = {}): Effect {
  return { subject: 'per_1', version: 1, hash: 'a', entries: lines.map((line) => ['bat_1', line]), ...change }
}

/** The judgement over one batch of so many entries, where gateway and receiver say this. */
async function judged(sent: number, counts: Partial<typeof NONE>, journal: Effect[], refused: number[] = []) {
  const findings = refused.map((line) => ({ line, severity: 'hold' }))
  await using server = await plantedServer(({ url }, answer) => {
    if (url === '/v1/journal') answer.end(journal.map((line) => `${JSON.stringify(line)}\n`).join(''))
    else if (url === '/v1/batches/bat_1') answer.end(JSON.stringify({ counts: { ...NONE, ...counts } }))
    else answer.end(JSON.stringify({ findings, next: null }))
  })
  const { url } = server
  const as = () => openGatewayClient({ url, client: 'c', secret: 's' }, new AbortController().signal)
  return await judge({ receiver: { url, token: 't' }, as }, new Map([['bat_1', sent]]))
}

describe('the judge', () => {
  it('finds nothing where every entry has one outcome, and its effect if it has one', async () => {
    const journal = [effect([1]), effect([2], { version: 2, hash: 'b' })]
    expect(await judged(4, { new: 1, updated: 1, unchanged: 1, held: 1 }, journal, [4])).toEqual({
      ...{ effects: 2, lost: 0, unexpected: 0, doubled: 0, gap: 0 },
    })
  })

  it('lets another entry confirm a version that was told before', async () => {
    expect(await judged(2, { new: 1, updated: 1 }, [effect([1]), effect([2])])).toMatchObject({
      effects: 1,
      doubled: 0,
    })
  })

  it.each([
    ['an entry that never arrived', { lost: 1 }, [effect([1])], []],
    ['a version applied twice for one entry', { doubled: 1 }, [effect([1, 2]), effect([2])], []],
    ['an entry applied again as a new version', { doubled: 1 }, [effect([1, 2]), effect([2], { version: 2 })], []],
    ['a version with two contents', { doubled: 1 }, [effect([1]), effect([2], { hash: 'b' })], []],
    ['a batch that nobody sent', { unexpected: 1 }, [effect([1, 2]), effect([], { entries: [['bat_2', 1]] })], []],
    ['an entry that was held', { unexpected: 1 }, [effect([1, 2])], [2]],
  ])('notices %s', async (_what, wrong, journal, refused) => {
    expect(await judged(2, { new: 2 }, journal, refused)).toMatchObject({
      ...{ lost: 0, unexpected: 0, doubled: 0, gap: 0 },
      ...wrong,
    })
  })

  it('notices an entry without an outcome', async () => {
    expect(await judged(3, { new: 2 }, [effect([1, 2])])).toMatchObject({ lost: 0, gap: 1 })
  })
})
