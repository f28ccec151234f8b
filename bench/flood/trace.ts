import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openPool } from '../../src/io/postgres/postgres.ts'
import { sql } from '../../src/io/postgres/sql.ts'
import type { Bench } from '../system.ts'

/** Milliseconds that a batch spent on each step of its way, in order; `… queue` is from the step before until a worker began. */
export type Steps = Record<string, number>

type Worked = { batch: string; stage: string; from: number; to: number; answer: string }

/** Where batches of one chunk spent their time: by the batch's own times, and by what the workers logged of its chunk. */
export async function traceBatches({ ownerUrl, data }: Bench, pushed: ReadonlyMap<string, number>): Promise<Steps[]> {
  const db = openPool(ownerUrl, 1)
  const { rows } = await db.query<{ id: string; receivedAt: Date; settledAt: Date }>(sql`
    select id, received_at as "receivedAt", settled_at as "settledAt" from batch where id = any(${[...pushed.keys()]})`)
  await db.end()
  const worked = Map.groupBy(await readWorked(join(data, 'log')), ({ batch }) => batch)
  return rows.map(({ id, receivedAt, settledAt }) => {
    const steps: Steps = { upload: receivedAt.getTime() - (pushed.get(id) ?? Number.NaN) }
    let at = receivedAt.getTime()
    for (const { stage, from, to, answer } of (worked.get(id) ?? []).toSorted((a, b) => a.from - b.from)) {
      const step = answer === 'done' ? stage : `${stage} ${answer}`
      steps[`${stage} queue`] = (steps[`${stage} queue`] ?? 0) + Math.max(0, from - at)
      steps[step] = (steps[step] ?? 0) + to - from
      at = to
    }
    steps.whole = settledAt.getTime() - (pushed.get(id) ?? Number.NaN)
    return steps
  })
}

/** The mean of each step. */
export function meanSteps(traces: readonly Steps[]): Steps {
  const names = new Set(traces.flatMap((steps) => Object.keys(steps)))
  const mean = (name: string) => traces.reduce((sum, steps) => sum + (steps[name] ?? 0), 0) / traces.length
  return Object.fromEntries([...names].map((name) => [name, Math.round(mean(name))]))
}

async function readWorked(folder: string): Promise<Worked[]> {
  const names = (await readdir(folder)).filter((name) => /^worker-[a-z\d]+\.log/.test(name))
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) =>
    text.split('\n').flatMap((line) => {
      if (!line.includes('"answer"')) return []
      const { time, ms, batch, stage, answer } = JSON.parse(line) as Record<string, string> & { ms: number }
      const to = new Date(time ?? '').getTime()
      return [{ batch: batch ?? '', stage: stage ?? '', from: to - ms, to, answer: answer ?? '' }]
    }),
  )
}
