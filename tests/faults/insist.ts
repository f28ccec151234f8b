import type { SubmissionView } from '../../src/engine/submissions/submission-view.db.ts'
import { until } from '../support/running.ts'
import type { System } from '../support/system.ts'

/** Posts until it is answered as wanted: a gateway that is away, or that knows of a writer before, is asked again. */
export async function insist(
  system: System,
  path: string,
  headers: Record<string, string>,
  body?: string,
): Promise<SubmissionView> {
  let view: SubmissionView | undefined
  await until(async () => {
    const basic = Buffer.from(`carik-jakarta:${system.secret('carik-jakarta')}`).toString('base64')
    const token = await fetch(`${system.url}/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    }).catch(() => undefined)
    if (token?.status !== 200) return false
    const { access_token } = (await token.json()) as { access_token: string }
    const answer = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${access_token}` },
      ...(body !== undefined && { body }),
    }).catch(() => undefined)
    if (answer === undefined || answer.status >= 300) return false
    view = (await answer.json()) as SubmissionView
    return true
  }, 60)
  return view as SubmissionView
}
