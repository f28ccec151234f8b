import { request } from 'undici'
import { TitianError } from '../../domain/error.ts'

/** What the stand-in for BPS says that it holds. */
export type ReceiverCounts = {
  deliveries: number
  repeats: number
  records: number
  refused: number
  subjects: { keluarga: number; individu: number }
  /** `dangling` are persons whose family is in no delivery. */
  persons: { placed: number; unplaced: number; dangling: number }
}

/** Asks the stand-in over HTTP, as somebody outside would. */
export async function readReceiverCounts(url: string, token: string): Promise<ReceiverCounts> {
  const { statusCode, body } = await request(`${url}/v1/counts`, { headers: { authorization: `Bearer ${token}` } })
  if (statusCode !== 200) throw new TitianError('receiver-refused', `the receiver answered ${statusCode}`)
  return (await body.json()) as ReceiverCounts
}
