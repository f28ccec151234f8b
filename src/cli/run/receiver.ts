import { Command } from 'commander'
import { type Config, readConfig } from '../../config.ts'
import { TitianError } from '../../domain/error.ts'
import { openCrash } from '../../io/observe/crash.ts'
import { openProcessMetrics } from '../../io/observe/metrics.ts'
import { proxyFor } from '../../io/proxy.ts'
import { keysFrom } from '../../receiver/jwks.client.ts'
import { startReceiver } from '../../receiver/receiver.ts'
import { readReceiptKey } from '../../receiver/signing-key.file.ts'
import type { CliContext } from '../context.ts'
import { listen } from './listen.ts'
import { serveUntilStopped } from './service.ts'
import { openMetricsListener } from './show-on-duty.ts'

const WANTED = ['RECEIVER_DATABASE_URL', 'RECEIVER_KEYS_URL', 'RECEIVER_TOKEN'] as const

export function receiverCommand(context: CliContext): Command {
  return new Command('receiver')
    .description('Run the stand-in for BPS’s platform (openapi/receiver.yaml) until stopped')
    .action(async () => {
      const config = readConfig(context.env)
      const [databaseUrl, keysUrl, token] = WANTED.map((name) => {
        const value = config[name]
        if (value === undefined) throw new TitianError('config-invalid', `the receiver needs ${name}`)
        return value
      }) as [string, string, string]
      const start = async () =>
        startReceiver({
          databaseUrl,
          host: config.RECEIVER_HOST,
          port: config.RECEIVER_PORT,
          origin: originOf(config),
          keys: keysFrom(keysUrl, proxyFor(keysUrl, config)),
          token,
          signer: config.RECEIVER_KEY_FILE === undefined ? undefined : await readReceiptKey(config.RECEIVER_KEY_FILE),
          misbehave: config.RECEIVER_MISBEHAVE,
          crash: openCrash(config.CRASH_AT),
        })
      const receiver = await listen(start, config.RECEIVER_PORT)
      await using _shown = await openMetricsListener(openProcessMetrics(), config, context)
      await serveUntilStopped(context, receiver.url)
      await receiver.close()
    })
}

/** What deliveries are signed for: RECEIVER_URL as the gateway has it; undefined where that is the address it listens on. */
function originOf({ RECEIVER_URL, RECEIVER_HOST }: Config): string | undefined {
  if (RECEIVER_URL !== undefined) {
    const origin = URL.parse(RECEIVER_URL)?.origin
    if (origin === undefined) throw new TitianError('config-invalid', 'RECEIVER_URL is no address')
    return origin
  }
  if (['0.0.0.0', '::'].includes(RECEIVER_HOST))
    throw new TitianError(
      'config-invalid',
      'RECEIVER_HOST is every address: name RECEIVER_URL, which deliveries are signed for',
    )
  return undefined
}
