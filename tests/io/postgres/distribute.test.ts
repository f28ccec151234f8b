import { describe, expect, it } from 'vitest'
import { DISTRIBUTED_TABLES, reachesWorkers } from '../../../src/io/postgres/distribute.sql.ts'
import { gatheredFirst } from '../../../src/io/postgres/table-form.ts'

describe('a statement over distributed tables', () => {
  it.each(DISTRIBUTED_TABLES.map(({ table }) => table))('reaches workers where it reads or writes %s', (table) => {
    const texts = [
      `select 1 from ${table}`,
      `select 1 from batch b\n  left join ${table} t on t.batch = b.id`,
      `insert into ${table} values ($1)`,
      `UPDATE ${table} set line = 1`,
      `delete from batch using public.${table} where false`,
    ]
    expect(texts.filter((text) => !reachesWorkers(text))).toEqual([])
    const { text, distributed } = gatheredFirst({ text: 'select 1' }, { [table]: `select 1 from public.${table}` })
    expect([text, distributed().text].map(reachesWorkers)).toEqual([false, true])
  })

  it('reaches none where it only names a column so, or a table that begins so', () => {
    const texts = [
      'select subject, entry from subject_result r where r.subject = $1',
      'select 1 from batch b join subject_result on true',
      `insert into alert (name, subject) values ($1, 'from entries')`,
    ]
    expect(texts.filter(reachesWorkers)).toEqual([])
  })

  it('reaches them where it asks the workers themselves', () => {
    expect(reachesWorkers('select result from run_command_on_workers($1)')).toBe(true)
  })
})
