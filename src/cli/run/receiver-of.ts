import { receiptsOf } from '../../app-receipts.ts'
import type { Config } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { openReceiver, type ReceiverClient } from '../../forward/receiver.client.ts'
import { proxyFor } from '../../io/proxy.ts'
import { signerOf } from '../../trust/keys/signing-keys.ts'

/** The receiver that deliveries are pushed to, closed by `await using`; undefined where they are pulled, or where the settings name none. */
export function receiverOf(
  config: Config,
  { ring }: Pick<Deps, 'ring'>,
): (ReceiverClient & AsyncDisposable) | undefined {
  if (config.FORWARD === 'pull' || !config.RECEIVER_URL) return undefined
  const client = openReceiver({
    url: config.RECEIVER_URL,
    signer: () => signerOf(ring.deliveries, new Date()),
    deadlineMs: config.RECEIVER_SECONDS * 1000,
    connections: config.CONCURRENCY,
    receipts: receiptsOf(config),
    proxy: proxyFor(config.RECEIVER_URL, config),
  })
  return { ...client, [Symbol.asyncDispose]: () => client.close() }
}
