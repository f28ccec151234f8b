import type { Features } from '../compare/features.ts'
import type { Model } from '../score/model.ts'
import type { Indexer } from '../subjects/prepare.ts'
import type { BlockingKey, Index } from '../subjects/subject.ts'
import { type BlockingText, blockingTexts } from './blocking.ts'

/** Keys under which a record is stored, and those that it asks for. */
export type BlockingKeys = {
  stored: BlockingKey[]
  asked: BlockingKey[]
  /** Of the stored ones the key by birth date and place, by which nearly all strangers meet. */
  dated?: BlockingKey
}

/** Makes the blocking keys of a person's record. */
export function blockingKeys(
  features: Features,
  model: Pick<Model, 'keys' | 'namedKeys'>,
  index: Indexer,
): BlockingKeys {
  const { stored, asked, shared } = blockingTexts(features, model)
  const keys = stored.map((text) => hashOf(text, index))
  const others = asked.slice(shared).map((text) => hashOf(text, index))
  const dated = keys[stored.findIndex(({ isDated }) => isDated)]
  return { stored: keys, asked: [...keys.slice(0, shared), ...others], ...(dated !== undefined && { dated }) }
}

function hashOf({ purpose, text }: BlockingText, index: Indexer): BlockingKey {
  return keyOfIndex(index(purpose, text))
}

/** The blocking key of a text, from its blind index. */
export function keyOfIndex(index: Index): BlockingKey {
  return BigInt.asIntN(64, BigInt(`0x${index.slice(0, 16)}`)).toString()
}
