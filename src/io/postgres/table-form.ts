import type { QueryConfig } from 'pg'

/** Whether the tables that grow with the nation lie on one server, or are spread over several by Citus. */
export type TableForm = 'whole' | 'distributed'

/** A statement that Citus refuses as it is: beside it lies how to ask the same of distributed tables. */
export type EitherForm = QueryConfig & { distributed(): QueryConfig }

/**
 * Says one thing in two ways. Which is sent was decided when the pool was opened; both give the same rows, their order aside where
 * none is asked for.
 */
export function either(whole: QueryConfig, distributed: () => QueryConfig): EitherForm {
  return Object.assign(whole, { distributed })
}

/** What is sent to distributed tables for a statement, if that is another text. */
export function distributedForm<T>(statement: T): T | QueryConfig {
  const other = (statement as Partial<EitherForm> | undefined)?.distributed
  return typeof other === 'function' ? other() : statement
}

/**
 * A statement in two ways: over distributed tables it reads what was gathered of them first, by the given queries, under the
 * tables' own names. So what stays on the coordinator is joined there, and is never sent to the workers whole. The queries use the
 * statement's parameters.
 */
export function gathered(whole: QueryConfig, queries: Readonly<Record<string, string>>): EitherForm {
  const first = Object.entries(queries).map(([table, query]) => `${table} as materialized (${query})`)
  const rest = whole.text.replace(/^\s*with\s/, ', ')
  const distributed = () => ({
    ...whole,
    text: `with ${first.join(', ')}${rest.startsWith(', ') ? rest : `\n${rest}`}`,
  })
  return either(whole, distributed)
}
