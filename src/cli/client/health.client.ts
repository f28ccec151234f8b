import { request } from 'undici'
import { TitianError } from '../../domain/error.ts'

/** Asks a service whether it is well; throws `unavailable` when it is not. */
export async function checkHealth(url: string): Promise<void> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 10_000, bodyTimeout: 10_000 })
    await body.dump()
    if (statusCode === 200) return
  } catch (cause) {
    throw new TitianError('unavailable', `${url} does not answer`, { cause })
  }
  throw new TitianError('unavailable', `${url} does not answer that it is well`)
}
