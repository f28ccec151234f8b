import type { Vault } from '../../trust/keys/vault.ts'

/** Whose tree it is: address of the gateway without its scheme, batch and edition; also the name of the key that signs it. */
export function originOf(publicUrl: string, batch: string, edition: number): string {
  const address = publicUrl.replace(/^https?:\/\//, '').replaceAll('+', '%2B')
  return `${address}/batches/${batch}/${edition}`
}

/** The batch that an origin names; undefined when it names none. */
export function batchOfOrigin(origin: string): string | undefined {
  return /\/batches\/(bat_[0-9a-z]{26})\/[1-9]\d*$/.exec(origin)?.[1]
}

/** The secret of a batch's salts; it is made of the batch's id, so that it need not be stored. */
export function receiptSecret(vault: Pick<Vault, 'index'>, batch: string): Buffer {
  return vault.index('secret', `receipt of ${batch}`)
}
