import type { Schemas } from './api.ts'

/** What the gateway refuses, as a problem (RFC 9457): what is wrong, where, and what to do. */
export class TitianProblem extends Error {
  override readonly name = 'TitianProblem'
  readonly status: number
  /** The last part of `type`: stable, to be compared with. */
  readonly code: string
  readonly problem: Partial<Schemas['Problem']>
  /** Seconds after which it is worth trying again; undefined where the gateway says nothing. */
  readonly retryAfter: number | undefined

  constructor(status: number, problem: Partial<Schemas['Problem']>, retryAfter: number | undefined) {
    super([problem.title ?? `The gateway answered ${status}`, problem.detail].filter(Boolean).join(': '))
    this.status = status
    this.problem = problem
    this.code = problem.type?.split('/').at(-1) ?? ''
    this.retryAfter = retryAfter
  }
}

/** The problem that an answer holds; also of a proxy that answers in words of its own. */
export async function problemOf(answer: Response): Promise<TitianProblem> {
  const text = await answer.text()
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return new TitianProblem(answer.status, parsed(text), Number.isFinite(seconds) ? seconds : undefined)
}

function parsed(text: string): Partial<Schemas['Problem']> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}
