import { request } from 'undici'
import { TitianError } from '../../domain/error.ts'

/** The toy results that the stand-in for BPS says of all it holds, as NDJSON. */
export async function readReceiverResults(url: string, token: string): Promise<Buffer> {
  const { statusCode, body } = await request(`${url}/v1/results`, { headers: { authorization: `Bearer ${token}` } })
  if (statusCode !== 200) throw new TitianError('receiver-refused', `the receiver answered ${statusCode}`)
  return Buffer.from(await body.arrayBuffer())
}
