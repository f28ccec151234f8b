import pg from 'pg'
import { openPool, SteadyClient } from '../../../src/io/postgres/postgres.ts'
import { distributedForm, type EitherForm } from '../../../src/io/postgres/table-form.ts'

type Result = pg.QueryResult<Record<string, unknown>>
/** What a statement gave in each of its forms. */
export type Compared = { text: string; whole: unknown; distributed: unknown; rows: number }

/** A pool over whole tables that asks every statement of two forms in both, and notes what each gave. What is written counts once. */
export function openBothForms(url: string, compared: Compared[]): pg.Pool {
  class BothForms extends SteadyClient {
    constructor(config?: string | pg.ClientConfig) {
      super(config)
      const ask = this.query.bind(this) as (...given: unknown[]) => unknown
      const both = async (statement: EitherForm): Promise<Result> => {
        const isRead = /^\s*(select|with)\b/.test(statement.text) && !/\b(update|insert into)\b/.test(statement.text)
        // In a transaction what fails, or is written, can be taken back.
        if (!isRead) await ask('savepoint one_form')
        const distributed = (await ask(distributedForm(statement))) as Result
        if (!isRead) await ask('rollback to savepoint one_form')
        const whole = (await ask({ text: statement.text, values: statement.values })) as Result
        const [left, right] = [said(whole), said(distributed)]
        if (/\sfrom\s/.test(statement.text))
          compared.push({ text: statement.text, whole: left, distributed: right, rows: whole.rowCount ?? 0 })
        return whole
      }
      this.query = ((statement: unknown, ...rest: unknown[]) => {
        if (typeof (statement as Partial<EitherForm>)?.distributed !== 'function') return ask(statement, ...rest)
        const asked = both(statement as EitherForm)
        const done = rest.at(-1)
        if (typeof done !== 'function') return asked
        asked.then(
          (result) => done(undefined, result),
          (error: unknown) => done(error),
        )
      }) as typeof this.query
    }
  }
  const { options } = openPool(url, 10)
  const pool = new pg.Pool({ ...options, Client: BothForms })
  pool.on('error', () => undefined)
  return pool
}

/** Rows in an order of their own, lists in them too: neither form promises one that was not asked for. */
function said({ rows, rowCount }: Result): unknown {
  const texts = rows.map((row) =>
    JSON.stringify(row, (_name, value) => (Array.isArray(value) ? value.toSorted() : value)),
  )
  return { rowCount, rows: texts.toSorted() }
}
