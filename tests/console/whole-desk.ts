import { readFile } from 'node:fs/promises'
import { push, type TestGateway } from '../flows/gateway.ts'
import { workAll, workUntilComposed } from '../flows/stages.ts'
import { openDesk, REGISTRY, raisePossibleMatch } from './desk.ts'
import { sampleWithFaults } from './sample.ts'

const ROWS = 200

/** The first rows of a sample, with its head. */
async function sample(path: string): Promise<string> {
  const text = await readFile(new URL(`../samples/${path}`, import.meta.url), 'utf8')
  return `${text.trimEnd().split('\n').slice(0, ROWS).join('\n')}\n`
}
const AS_CSV = { 'content-type': 'text/csv' }

/** A desk that something of every kind lies on, and the address of each of its pages, by name. */
export async function openWholeDesk(): Promise<{ desk: TestGateway; pages: readonly (readonly [string, string])[] }> {
  const desk = await openDesk()
  const registry = await REGISTRY
  const { pool } = desk.db
  const rows = await sample('jembrana/jembrana.csv')
  const send = async (platform: string, key: string, text: string, as: Record<string, string>) => {
    const answer = await push(await desk.caller(platform), key, text, as)
    return ((await answer.json()) as { id: string }).id
  }
  const batch = await send('carik-jakarta', 'satu', await sampleWithFaults(), { dataset: 'carik' })
  await send('jembrana', 'satu', rows, { dataset: 'jembrana', ...AS_CSV })
  await send('sumedang', 'satu', await sample('sumedang/sumedang.csv'), { dataset: 'sumedang', ...AS_CSV })
  await workAll(desk, registry)
  const twice = rows.replaceAll('JBR-', 'JBX-').replaceAll('PETANI', 'NELAYAN')
  await send('jembrana', 'dua', twice, { dataset: 'jembrana', ...AS_CSV })
  await workUntilComposed(desk, registry)
  await send('jembrana', 'tiga', rows, { dataset: 'jembrana', ...AS_CSV })
  const review = await raisePossibleMatch(desk)
  // As large as a nation's, for what pages say of that.
  await pool.query('update subjects_state set records = 268435456')
  const { rows: persons } = await pool.query<{ person: string }>(`
    select s.subject as person from source_record s join subject p on p.id = s.subject
    where p.level = 'individu' and p.family is not null
    group by s.subject having count(*) = 2 order by s.subject limit 1`)
  const person = persons[0]?.person ?? ''
  const { rows: deliveries } = await pool.query<{ id: string }>('select id from delivery order by id desc limit 1')
  return {
    desk,
    pages: [
      ['overview', '/console'],
      ['batches', '/console/batches'],
      ['batches held', '/console/batches?held=yes&platform=carik-jakarta'],
      ['batch', `/console/batches/${batch}`],
      ['held', '/console/held'],
      ['queues', '/console/queues'],
      ['search', '/console/search'],
      ['record', `/console/search/${batch}/1`],
      ['subject', `/console/search/${person}`],
      ['quality', '/console/quality?platform=jembrana'],
      ['reviews', '/console/reviews'],
      ['reviews of mine', '/console/reviews?state=decided&mine=yes'],
      ['review', `/console/reviews/${review}`],
      ['person', `/console/persons/${person}`],
      ['linkage', '/console/linkage'],
      ['reconciliation', '/console/reconciliation'],
      ['deliveries', '/console/deliveries?state=all'],
      ['delivery', `/console/deliveries/${deliveries[0]?.id ?? ''}`],
      ['webhooks', '/console/webhooks'],
      ['platforms', '/console/platforms'],
      ['audit', '/console/audit'],
      ['settings', '/console/settings'],
      ['welcome', '/'],
      ['not found', '/console/nowhere'],
    ],
  }
}
