import { expect, it } from 'vitest'
import { composeDelivery } from '../../src/forward/compose.ts'
import { openReceiver } from '../../src/forward/receiver.client.ts'
import { newId } from '../../src/io/ids.ts'
import type { Mode } from '../../src/receiver/misbehave.ts'
import { freshReceiver } from '../receiver/stand-in.ts'
import { goldenLines, signer } from './gateway.ts'

function compose() {
  const head = {
    batch: newId('bat'),
    platform: 'sumedang',
    dataset: 'sumedang',
    agreement: 'PKS-2',
    schemaVersion: '1',
  }
  return composeDelivery(goldenLines(head.batch, 1), { ...head, id: newId('dlv'), composedAt: new Date() })
}

const never = new AbortController().signal

it('tells by a code why nothing is known of a call', async () => {
  await using receiver = await freshReceiver()
  const put = async (mode: Mode, deadlineMs: number) => {
    const client = openReceiver({ url: receiver.url, signer, deadlineMs, connections: 1 })
    const { manifest, bytes } = compose()
    await receiver.misbehave(mode)
    const verdict = await client.put(manifest, bytes, never)
    await client.close()
    return verdict
  }
  const long = 20_000
  expect({
    // The size ends it long before the time would.
    huge: await put('huge', long),
    drip: await put('drip', 500),
    drop: await put('drop-after-commit', long),
    truncate: await put('truncate', long),
    redirect: await put('redirect', long),
    html: await put('html', long),
  }).toEqual({
    huge: { is: 'failed', reason: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' },
    drip: { is: 'failed', reason: 'TimeoutError' },
    drop: { is: 'failed', reason: 'UND_ERR_SOCKET' },
    truncate: { is: 'failed', reason: 'UND_ERR_SOCKET' },
    redirect: { is: 'failed', reason: 'status-307' },
    html: { is: 'failed', reason: 'receipt-invalid' },
  })
})

it('tells that nobody is there', async () => {
  const client = openReceiver({ url: 'http://127.0.0.1:1', signer, deadlineMs: 2000, connections: 1 })
  const { manifest, bytes } = compose()
  expect(await client.put(manifest, bytes, never)).toEqual({ is: 'failed', reason: 'ECONNREFUSED' })
  await client.close()
})

it('throws when it cannot sign, since that is no fault of the receiver', async () => {
  const client = openReceiver({
    url: 'http://127.0.0.1:1',
    signer: () => {
      throw new Error('no key')
    },
    deadlineMs: 2000,
    connections: 1,
  })
  const { manifest, bytes } = compose()
  await expect(client.put(manifest, bytes, never)).rejects.toThrow('no key')
  await client.close()
})

it('ends a call when the caller gives up', async () => {
  await using receiver = await freshReceiver()
  const client = openReceiver({ url: receiver.url, signer, deadlineMs: 20_000, connections: 1 })
  const { manifest, bytes } = compose()
  await receiver.misbehave('slow')
  const verdict = await client.put(manifest, bytes, AbortSignal.timeout(300))
  expect(verdict).toEqual({ is: 'failed', reason: 'TimeoutError' })
  await client.close()
})

it('asks and finds what arrived', async () => {
  await using receiver = await freshReceiver()
  const client = openReceiver({ url: `${receiver.url}/`, signer, deadlineMs: 5000, connections: 1 })
  const { manifest, bytes } = compose()
  expect(await client.find(manifest, never)).toEqual({ is: 'absent' })
  const sent = await client.put(manifest, bytes, never)
  expect(sent.is).toBe('receipt')
  expect(await client.find(manifest, never)).toEqual(sent)
  await client.close()
})
