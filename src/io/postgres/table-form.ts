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

// Without it every update of several shards locks them whole until the commit: two transactions wait for each other in a circle. That
// lock is for shards of which there are copies; ours are kept once, their servers have standbys.
const BEGIN = `begin; set local citus.all_modifications_commutative = on; set local citus.propagate_set_commands = 'local'`

/**
 * What is sent to distributed tables for a statement: its other form, if it has one, and never rows without columns, which Citus cannot
 * hand from one step to the next. What the driver is given for COPY goes as it is.
 */
export function distributedForm(statement: unknown): unknown {
  if (statement === 'begin') return BEGIN
  if (typeof statement === 'string') return withColumns(statement)
  const { distributed, text, submit } = statement as Partial<EitherForm> & { submit?: unknown }
  if (typeof distributed === 'function') return distributedForm(distributed())
  return text === undefined || submit !== undefined
    ? statement
    : { ...(statement as QueryConfig), text: withColumns(text) }
}

function withColumns(text: string): string {
  return text.replaceAll(/(?<=\bselect)(?=\s+from\b)/g, ' 1')
}

/**
 * A statement in two ways: over distributed tables it reads what was gathered of them first, by the given queries, under the
 * tables' own names. So what stays on the coordinator is joined there, and is never sent to the workers whole. The queries use the
 * statement's parameters.
 */
export function gatheredFirst(whole: QueryConfig, queries: Readonly<Record<string, string>>): EitherForm {
  const { text, values = [] } = whole
  return either(whole, () => {
    const first = Object.entries(queries).map(([table, query]) => `${table} as materialized (${query})`)
    const rest = text.replace(/^\s*with\s/, ', ')
    return { text: `with ${first.join(', ')}${rest.startsWith(', ') ? rest : `\n${rest}`}`, values }
  })
}
