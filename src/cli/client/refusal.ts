import { ERRORS, type ErrorCode, TitianError } from '../../domain/error.ts'
import { didYouMean } from '../../language/did-you-mean.ts'
import type { Gateway } from './push.client.ts'

export type GatewayAnswer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** What the gateway, or a proxy in front of it, says in place of an answer, as an error of ours. */
export function refusalOf({ status, headers, text }: GatewayAnswer): TitianError {
  const problem = problemIn(text)
  const name = problem.type?.split('/').at(-1) ?? ''
  const code: ErrorCode = Object.hasOwn(ERRORS, name) ? (name as ErrorCode) : codeOf(status)
  const places = (problem.errors ?? []).map(({ pointer, code: what }) => `${pointer} ${what}`)
  const request = status >= 500 ? problem.instance : undefined
  const said = [problem.title ?? `${ERRORS[code].en} (${status})`, problem.detail, ...places, request]
    .filter(Boolean)
    .join('; ')
  const after = Number(headers['retry-after'])
  return new TitianError(code, said, Number.isFinite(after) ? { retryAfterSeconds: after } : {})
}

/** A proxy in front of the gateway answers in words of its own. */
function codeOf(status: number): ErrorCode {
  if (status < 500) return status === 429 ? 'too-many' : 'bad-request'
  return status === 500 ? 'internal' : 'unavailable'
}

function problemIn(text: string): {
  type?: string
  instance?: string
  title?: string
  detail?: string
  errors?: { pointer: string; code: string }[]
} {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** The refusal of a dataset that the gateway does not have, with the name that was meant; `cause` itself where it has it. */
export async function refusalOfDataset(gateway: Gateway, dataset: string, cause: unknown): Promise<unknown> {
  const { datasets } = await gateway.get<{ datasets: { name: string }[] }>('/v1/datasets')
  const names = datasets.map(({ name }) => name)
  if (names.includes(dataset)) return cause
  const hint = didYouMean(dataset, names, `The gateway has ${names.join(', ')}.`)
  return new TitianError('dataset-unknown', `there is no dataset ${dataset}. ${hint}`, { cause })
}
