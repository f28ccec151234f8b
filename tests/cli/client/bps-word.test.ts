import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { verifyWord } from '../../../src/cli/client/bps-word.ts'
import { signDeliveryReceipt } from '../../../src/forward/receipts/attest.ts'

const BATCH = `bat_${'0'.repeat(26)}`
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const signer = { keyid: 'rcp-1', key: privateKey }
const keys = new Map([['rcp-1', publicKey]])

/** A line as `titian receipt get --bps` writes it; `over` is altered after BPS signed. */
async function line(number: number, over: object = {}, batch = BATCH): Promise<string> {
  const said = {
    delivery: `dlv_${String(number).padStart(26, '0')}`,
    digest: `sha-256=:${'A'.repeat(43)}=:`,
    entries: 4,
    records: 9,
    refused: [{ subject: `per_${'0'.repeat(26)}`, code: 'record-invalid' }],
  }
  const jws = await signDeliveryReceipt({ ...said, batch }, new Date(0), signer)
  return `${JSON.stringify({ ...said, acknowledged_by: 'push', jws, ...over })}\n`
}

describe('the word of BPS on a batch', () => {
  it('is the sum of what it signed for', async () => {
    const text = (await line(1)) + (await line(2))
    expect(await verifyWord(text, BATCH, keys)).toEqual({ deliveries: 2, entries: 8, records: 18, refused: 2 })
    expect(await verifyWord('', BATCH, keys)).toMatchObject({ deliveries: 0, entries: 0 })
  })

  it.for([
    ['unsigned', { jws: null }],
    ['not-signed-so', { entries: 5 }],
    ['not-signed-so', { records: 10 }],
    ['not-signed-so', { refused: [] }],
    ['not-signed-so', { delivery: `dlv_${'1'.repeat(26)}` }],
    ['signature-wrong', { jws: 'a.b.c' }],
  ] as const)('does not hold where it is %s: %o', async ([fault, over]) => {
    expect(await verifyWord(await line(1, over), BATCH, keys)).toMatchObject({ fault })
  })

  it('does not hold of another batch, by another key, twice, or in a file of another kind', async () => {
    const other = await line(1, {}, `bat_${'1'.repeat(26)}`)
    const stranger = new Map([['rcp-1', generateKeyPairSync('ed25519').publicKey]])
    expect([
      await verifyWord(other, BATCH, keys),
      await verifyWord(await line(1), BATCH, stranger),
      await verifyWord(await line(1), BATCH, new Map()),
      await verifyWord((await line(1)) + (await line(1)), BATCH, keys),
      await verifyWord('{"delivery":1}', BATCH, keys),
      await verifyWord('nothing', BATCH, keys),
    ]).toMatchObject([
      { fault: 'batch-other' },
      { fault: 'signature-wrong' },
      { fault: 'signature-wrong' },
      { fault: 'delivery-twice' },
      { fault: 'form-unknown' },
      { fault: 'form-unknown' },
    ])
  })
})
