import { createTransport } from 'nodemailer'
import { Agent, ProxyAgent, request } from 'undici'
import { TitianError } from '../../domain/error.ts'
import type { AlertMessage } from './message.ts'

/** A way to tell somebody; rejects when the message was not taken. */
export type Way = { name: 'webhook' | 'mail'; tell(message: AlertMessage): Promise<void>; close(): Promise<void> }

const CALL_MS = 10_000

/** Posts messages as JSON to an address; any answer of 2xx takes them. Redirects are not followed. */
export function webhookWay(url: string, proxy: string | undefined): Way {
  const limits = { headersTimeout: CALL_MS, bodyTimeout: CALL_MS, connect: { timeout: CALL_MS } }
  const dispatcher = proxy === undefined ? new Agent(limits) : new ProxyAgent({ ...limits, uri: proxy })
  return {
    name: 'webhook',
    async tell({ subject, text, data }) {
      const { statusCode, body } = await request(url, {
        ...{ dispatcher, method: 'POST', headers: { 'content-type': 'application/json' } },
        // Chat services read `text`.
        body: JSON.stringify({ text: `${subject}\n${text}`, ...data }),
        signal: AbortSignal.timeout(CALL_MS),
      })
      await body.dump({ limit: 16_384, signal: AbortSignal.timeout(CALL_MS) })
      if (statusCode < 200 || statusCode > 299)
        throw new TitianError('unavailable', `the webhook of alerts answered ${statusCode}`)
    },
    close: () => dispatcher.close(),
  }
}

/** Mails messages through a server (`smtp://` with STARTTLS where it is offered, `smtps://`), with the credentials of its address. */
export function mailWay(server: string, { from, to }: { from: string; to: string }): Way {
  const waits = { connectionTimeout: CALL_MS, greetingTimeout: CALL_MS, socketTimeout: CALL_MS }
  const transport = createTransport({ url: server, ...waits, disableFileAccess: true, disableUrlAccess: true })
  return {
    name: 'mail',
    async tell({ subject, text }) {
      await transport.sendMail({ from, to, subject, text })
    },
    close: async () => transport.close(),
  }
}
