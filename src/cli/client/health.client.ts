import { request } from 'undici'
import { TitianError } from '../../domain/error.ts'

const LIMIT_MS = 10_000

/** Asks a service whether it is well; throws `unavailable` when it is not. */
export async function checkHealth(url: string): Promise<void> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS })
    await body.dump()
    if (statusCode === 200) return
  } catch (cause) {
    throw new TitianError('unavailable', `${url} does not answer within ${LIMIT_MS / 1000} s`, { cause })
  }
  throw new TitianError('unavailable', `${url} does not answer that it is well`)
}
